//! GitHub and GitHub Enterprise Server: webhooks, and the REST API, for what a review needs.
//!
//! Payloads: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

mod dialect;

mod check;
mod deployment;
mod pull_request;
mod push;
mod receive;
mod remark;
mod signature;
mod tag;
mod verdict;

mod changes;
mod file;
mod link;
mod review;

#[cfg(test)]
mod tests;

pub struct Github;

push_notify_sdk::provider!(Github: changes, reviews, merge_requests);
