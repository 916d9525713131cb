//! Deliveries, by what their header says they are.

use crate::{Config, issue, merge_request, note, push, signature};
use push_notify_sdk::{
    Delivery, Event, Rejection, Webhook,
    delivery::{self, of_no_interest},
};
use serde::Deserialize;

pub(crate) fn receive(mut webhook: Webhook, config: &Config) -> Result<Delivery, Rejection> {
    signature::check(&webhook, config)?;
    let name = webhook
        .header("x-gitee-event")
        .filter(|value| !value.is_empty())
        .map(str::to_owned);
    let json = delivery::json(&mut webhook)?;
    let name = match name {
        Some(name) => name,
        None => hook_name(json)?,
    };
    Ok(Delivery {
        // Gitee sends none.
        id: None,
        effect: None,
        events: vec![normalise(&name, json, &config.repository.url)?],
    })
}

/// The event's name in the payload, for deliveries that lost the header.
fn hook_name(json: &mut [u8]) -> Result<String, Rejection> {
    #[derive(Deserialize)]
    struct Named {
        hook_name: Option<String>,
    }
    let named: Named = delivery::parse(json, "Gitee")?;
    delivery::present(named.hook_name).ok_or_else(|| {
        Rejection::Malformed("there is no X-Gitee-Event header and no hook_name".to_owned())
    })
}

fn normalise(name: &str, json: &mut [u8], url: &str) -> Result<Event, Rejection> {
    match name {
        "Push Hook" | "push_hooks" | "Tag Push Hook" | "tag_push_hooks" => {
            push::event(delivery::parse(json, "Gitee")?)
        }
        "Merge Request Hook" | "merge_request_hooks" => {
            let request = delivery::parse(json, "Gitee")?;
            merge_request::event(request, json, url)
        }
        "Issue Hook" | "issue_hooks" => issue::event(delivery::parse(json, "Gitee")?),
        "Note Hook" | "note_hooks" => note::event(delivery::parse(json, "Gitee")?),
        other => {
            delivery::parse::<serde::de::IgnoredAny>(json, "Gitee")?;
            Err(of_no_interest("event", other))
        }
    }
}
