//! Alertmanager, and Grafana's alerting, which sends nearly the same: groups of alerts that fire or
//! are over.
//!
//! Payloads: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>,
//! <https://grafana.com/docs/grafana/latest/alerting/>.

mod alert;
mod group;
mod labels;
mod proof;

#[cfg(test)]
mod tests;

use push_notify_sdk::{Delivery, Provider, Rejection, Webhook, delivery, forge, provider};

pub struct Alertmanager;

provider!(Alertmanager);

impl Provider for Alertmanager {
    type Config = forge::Config;

    fn receive(mut webhook: Webhook, config: Self::Config) -> Result<Delivery, Rejection> {
        proof::check(&webhook, config.webhook_secret.as_ref())?;
        let json = delivery::json(&mut webhook)?;
        group::delivery(delivery::parse(json, "Alertmanager")?, &config.url)
    }
}
