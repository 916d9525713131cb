//! Deliveries, by what their header says they are.

use crate::{pull_request, push, refs, signature};
use push_notify_sdk::{
    Delivery, Effect, Event, Rejection, Secret, Webhook,
    delivery::{self, of_no_interest},
};

/// Forgejo sends Gitea's headers beside its own, and both send those of Gogs (and of GitHub): the
/// most particular comes first.
const EVENT: [&str; 4] = [
    "x-forgejo-event",
    "x-gitea-event",
    "x-gitea-event-type",
    "x-gogs-event",
];
const DELIVERY: [&str; 3] = ["x-forgejo-delivery", "x-gitea-delivery", "x-gogs-delivery"];

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    let first = |names: &[&str]| present(&webhook, names).map(str::to_owned);
    let (name, id) = (first(&EVENT), first(&DELIVERY));
    let json = signature::payload(&mut webhook, secret)?;
    let Some(name) = name else {
        return Err(Rejection::Malformed(
            "there is no X-Gitea-Event header".to_owned(),
        ));
    };
    let (event, effect) = normalise(&name, json)?;
    Ok(Delivery {
        id,
        effect,
        events: vec![event],
    })
}

/// The value of the first of these headers that has one.
pub(crate) fn present<'a>(webhook: &'a Webhook, names: &[&str]) -> Option<&'a str> {
    let mut values = names.iter().filter_map(|name| webhook.header(name));
    values.find(|value| !value.is_empty())
}

/// The event that `name` and its payload stand for, and its effect where the host may announce it a
/// second time.
fn normalise(name: &str, json: &mut [u8]) -> Result<(Event, Option<Effect>), Rejection> {
    match name {
        "push" => push::event(delivery::parse(json, "Gitea")?),
        // The second is the finer name of pushing to a pull request; the action tells what happened
        // under either.
        "pull_request" | "pull_request_sync" => {
            Ok((pull_request::event(delivery::parse(json, "Gitea")?)?, None))
        }
        "create" => refs::created(delivery::parse(json, "Gitea")?),
        "delete" => refs::deleted(delivery::parse(json, "Gitea")?),
        other => {
            delivery::parse::<serde::de::IgnoredAny>(json, "Gitea")?;
            Err(of_no_interest("event", other))
        }
    }
}
