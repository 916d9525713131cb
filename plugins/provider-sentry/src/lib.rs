//! Sentry: issues, errors and alerts, of internal integrations and of the WebHooks plugin before
//! them.
//!
//! Payloads: <https://docs.sentry.io/organization/integrations/integration-platform/webhooks/>.

mod error;
mod hook;
mod issue;
mod legacy;
mod level;
mod metric;
mod receive;
mod remark;

#[cfg(test)]
mod tests;

use push_notify_sdk::{Delivery, Provider, Rejection, Webhook, forge, provider};

pub struct Sentry;

provider!(Sentry);

impl Provider for Sentry {
    type Config = forge::Config;

    fn receive(webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection> {
        receive::receive(webhook, config.webhook_secret.as_ref())
    }
}
