//! Deliveries, by what their header says they are.

use crate::{error, issue, legacy, metric, remark};
use push_notify_sdk::{
    Delivery, Event, Rejection, Secret, Webhook,
    delivery::{self, of_no_interest, plain_or_query_secret, present, signed_body},
};
use serde::de::{DeserializeOwned, IgnoredAny};

const SIGNATURE: &str = "Sentry-Hook-Signature";

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    let is_signed = webhook.header(SIGNATURE).is_some_and(|it| !it.is_empty());
    match is_signed {
        true => signed_body(&webhook, secret, SIGNATURE, "")?,
        // The old plugin has an address and nothing else.
        false => plain_or_query_secret(
            &webhook,
            delivery::secret(secret)?,
            "there is neither a Sentry-Hook-Signature header nor a `token` in the query",
        )?,
    }
    let header = |name| present(webhook.header(name).map(str::to_owned));
    let (id, resource) = (header("request-id"), header("sentry-hook-resource"));
    let json = delivery::json(&mut webhook)?;
    let event = match resource {
        Some(resource) => event(&resource, json)?,
        None => legacy::event(parse(json)?)?,
    };
    Ok(Delivery { id, ..event.into() })
}

fn event(resource: &str, json: &mut [u8]) -> Result<Event, Rejection> {
    match resource {
        "issue" => issue::event(parse(json)?),
        "error" => error::of_error(parse(json)?),
        "event_alert" => error::of_alert(parse(json)?),
        "metric_alert" => metric::event(parse(json)?),
        "comment" => remark::event(parse(json)?),
        other => {
            parse::<IgnoredAny>(json)?;
            Err(of_no_interest("resource", other))
        }
    }
}

fn parse<T: DeserializeOwned>(json: &mut [u8]) -> Result<T, Rejection> {
    delivery::parse(json, "Sentry")
}
