//! Jenkins: builds, as its Notification plugin, its Outbound WebHook plugin or a step of a pipeline
//! tells of them.
//!
//! Payloads: <https://plugins.jenkins.io/notification/>,
//! <https://plugins.jenkins.io/outbound-webhook/>.

mod build;
mod notified;
mod outbound;
mod plain;
mod proof;
mod receive;

#[cfg(test)]
mod tests;

use push_notify_sdk::{Delivery, Provider, Rejection, Webhook, forge, provider};

pub struct Jenkins;

provider!(Jenkins);

impl Provider for Jenkins {
    type Config = forge::Config;

    fn receive(webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, &config)
    }
}
