//! Deliveries, by what their header says they are.

use crate::{pull_request, push, signature, tag};
use push_notify_sdk::{
    Delivery, Effect, Event, Rejection, Secret, Webhook,
    delivery::{self, of_no_interest},
};

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    signature::check(&webhook, secret)?;
    let header = |name| {
        webhook
            .header(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    let id = header("x-github-delivery");
    let Some(name) = header("x-github-event") else {
        return Err(Rejection::Malformed(
            "there is no X-GitHub-Event header".to_owned(),
        ));
    };
    let (event, effect) = normalise(&name, delivery::json(&mut webhook)?)?;
    Ok(Delivery {
        id,
        effect,
        events: vec![event],
    })
}

/// The event that `name` and its payload stand for, and its effect where GitHub announces it a
/// second time.
fn normalise(name: &str, json: &mut [u8]) -> Result<(Event, Option<Effect>), Rejection> {
    match name {
        "push" => push::event(delivery::parse(json, "GitHub")?),
        "pull_request" => Ok((pull_request::event(delivery::parse(json, "GitHub")?)?, None)),
        "create" => tag::event(delivery::parse(json, "GitHub")?, tag::Change::Created),
        "delete" => tag::event(delivery::parse(json, "GitHub")?, tag::Change::Deleted),
        _ => {
            delivery::parse::<serde::de::IgnoredAny>(json, "GitHub")?;
            Err(match name {
                "ping" => Rejection::Ignored("ping".to_owned()),
                other => of_no_interest("event", other),
            })
        }
    }
}
