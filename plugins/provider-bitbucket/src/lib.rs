//! Bitbucket Cloud: its webhooks, and its REST API for what a review needs.
//!
//! Payloads: <https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/>.

mod dialect;

mod issue;
mod parts;
mod pull_request;
mod push;
mod receive;
mod remark;
mod status;

mod changes;
mod file;
mod merge_requests;
mod review;

#[cfg(test)]
mod tests;

pub struct Bitbucket;

push_notify_sdk::provider!(Bitbucket: changes, reviews, merge_requests);
