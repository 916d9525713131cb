//! Deliveries, by what their body holds: nothing else says who made it.

use crate::{notified::Notified, outbound::Outbound, plain::Plain, proof};
use push_notify_sdk::{Delivery, Rejection, Webhook, delivery, forge::Config};
use serde::{Deserialize, de::IgnoredAny};

/// What tells the forms from each other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Peek {
    build: Option<IgnoredAny>,
    project_name: Option<IgnoredAny>,
}

pub(crate) fn receive(mut webhook: Webhook, config: &Config) -> Result<Delivery, Rejection> {
    proof::check(&webhook, config.webhook_secret.as_ref())?;
    let json = delivery::json(&mut webhook)?;
    let build = match delivery::parse(json, "Jenkins")? {
        Peek { build: Some(_), .. } => delivery::parse::<Notified>(json, "Jenkins")?.build()?,
        Peek {
            project_name: Some(_),
            ..
        } => delivery::parse::<Outbound>(json, "Jenkins")?.build()?,
        _ => delivery::parse::<Plain>(json, "Jenkins")?.build()?,
    };
    build.delivery(&config.url)
}
