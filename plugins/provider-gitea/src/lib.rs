//! Gitea: webhooks, also of its relatives Forgejo and Gogs, which send nearly the same; and the
//! REST API of Gitea and Forgejo, for what a review needs.
//!
//! Payloads: <https://docs.gitea.com/usage/webhooks>.

mod dialect;

mod pull_request;
mod push;
mod receive;
mod refs;
mod signature;
mod verdict;

mod changes;
mod file;
mod review;

#[cfg(test)]
mod tests;

pub struct Gitea;

push_notify_sdk::provider!(Gitea: changes, reviews, merge_requests);
