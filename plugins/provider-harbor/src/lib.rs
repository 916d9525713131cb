//! Harbor: artifacts that come and go, scans, quotas and replications, in its own form of
//! deliveries and in that of CloudEvents.
//!
//! Payloads: <https://goharbor.io/docs/latest/working-with-projects/project-configuration/>.

mod artifact;
mod notice;
mod payload;
mod receive;
mod report;
mod scan;

#[cfg(test)]
mod tests;

use push_notify_sdk::{Delivery, Provider, Rejection, Webhook, forge, provider};

pub struct Harbor;

provider!(Harbor);

impl Provider for Harbor {
    type Config = forge::Config;

    fn receive(webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, config.webhook_secret.as_ref())
    }
}
