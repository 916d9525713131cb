//! Bitbucket Data Center, and Server before it: their webhooks, which are others than those of
//! Bitbucket Cloud.
//!
//! Payloads: <https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html>.

mod parts;
mod pull_request;
mod push;
mod receive;
mod remark;

#[cfg(test)]
mod tests;

use push_notify_sdk::{Delivery, Provider, Rejection, Webhook, forge, provider};

pub struct BitbucketDc;

provider!(BitbucketDc);

impl Provider for BitbucketDc {
    type Config = forge::Config;

    fn receive(webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, config.webhook_secret.as_ref())
    }
}
