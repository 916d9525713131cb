//! Deliveries, by what their header says they are.

use crate::{pull_request, push, remark};
use push_notify_sdk::{
    Delivery, Event, Rejection, Secret, Webhook,
    delivery::{self, MergeRequestAction, of_no_interest},
};
use serde::de::{DeserializeOwned, IgnoredAny};

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    delivery::signed_body(&webhook, secret, "X-Hub-Signature", "sha256=")?;
    let header = |name| webhook.header(name).filter(|value| !value.is_empty());
    let id = header("x-request-id").map(str::to_owned);
    let Some(key) = header("x-event-key").map(str::to_owned) else {
        return Err(Rejection::Malformed(
            "there is no X-Event-Key header".to_owned(),
        ));
    };
    let json = delivery::json(&mut webhook)?;
    let events = match key.as_str() {
        "repo:refs_changed" => push::events(parse(json)?)?,
        other => vec![event(other, json)?],
    };
    Ok(Delivery {
        id,
        effect: None,
        events,
    })
}

fn event(key: &str, json: &mut [u8]) -> Result<Event, Rejection> {
    use MergeRequestAction::{Approved, ChangesRequested, Closed, Edited, Merged, Opened, Updated};
    let mut request = |action| pull_request::event(parse(json)?, action);
    match key {
        "pr:opened" => request(Opened),
        "pr:from_ref_updated" => request(Updated),
        "pr:modified" => request(Edited),
        "pr:reviewer:updated" => pull_request::reviewers_updated(parse(json)?),
        "pr:reviewer:approved" => request(Approved),
        "pr:reviewer:needs_work" | "pr:reviewer:changes_requested" => request(ChangesRequested),
        "pr:merged" => request(Merged),
        "pr:declined" | "pr:deleted" => request(Closed),
        "pr:comment:added" => remark::on_request(parse(json)?, "created"),
        "pr:comment:edited" => remark::on_request(parse(json)?, "edited"),
        "pr:comment:deleted" => remark::on_request(parse(json)?, "deleted"),
        "repo:comment:added" => remark::on_commit(parse(json)?, "created"),
        "repo:comment:edited" => remark::on_commit(parse(json)?, "edited"),
        "repo:comment:deleted" => remark::on_commit(parse(json)?, "deleted"),
        other => {
            parse::<IgnoredAny>(json)?;
            Err(match other {
                "diagnostics:ping" => Rejection::Ignored("ping".to_owned()),
                other => of_no_interest("event", other),
            })
        }
    }
}

fn parse<T: DeserializeOwned>(json: &mut [u8]) -> Result<T, Rejection> {
    delivery::parse(json, "Bitbucket Data Center")
}
