//! Gitee: webhooks, and the REST API, for what a review needs.
//!
//! Payloads: <https://help.gitee.com/webhook/gitee-webhook-push-data-format>.

mod dialect;

mod draft;
mod issue;
mod merge_request;
mod nonce;
mod note;
mod payload;
mod push;
mod receive;
mod signature;

mod changes;
mod file;

#[cfg(test)]
mod tests;

use push_notify_sdk::{forge, provider};
use serde::Deserialize;

/// What the engine says of the repository, and how its webhook proves itself.
#[derive(Deserialize)]
pub struct Config {
    #[serde(flatten)]
    repository: forge::Config,
    #[serde(default)]
    signature: Mode,
}

impl AsRef<forge::Config> for Config {
    fn as_ref(&self) -> &forge::Config {
        &self.repository
    }
}

/// What the webhook at Gitee is set to. A delivery does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Sign,
    Password,
}

pub struct Gitee;

provider!(Gitee: changes, reviews, merge_requests);
