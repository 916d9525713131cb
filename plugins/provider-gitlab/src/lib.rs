//! GitLab.com and GitLab Self-Managed: webhooks of projects, of groups, and system hooks; and the
//! REST API, for what a review needs.
//!
//! Payloads: <https://docs.gitlab.com/user/project/integrations/webhook_events/>,
//! <https://docs.gitlab.com/administration/system_hooks/>.

mod dialect;

mod change;
mod deployment;
mod issue;
mod merge_request;
mod note;
mod payload;
mod pipeline;
mod proof;
mod push;
mod receive;
mod release;
mod signature;
mod time;

mod changes;
mod diff;
mod merge_requests;
mod review;
mod version;

#[cfg(test)]
mod tests;

pub struct Gitlab;

push_notify_sdk::provider!(Gitlab: changes, reviews, merge_requests);
