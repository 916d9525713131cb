//! Deliveries, by what their header says they are.

use crate::{issue, pull_request, push, remark, status};
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
    // The same in every attempt at one delivery.
    let id = header("x-request-uuid").map(str::to_owned);
    let Some(key) = header("x-event-key").map(str::to_owned) else {
        return Err(Rejection::Malformed(
            "there is no X-Event-Key header".to_owned(),
        ));
    };
    let json = delivery::json(&mut webhook)?;
    let events = match key.as_str() {
        "repo:push" => push::events(parse(json)?)?,
        other => vec![event(other, json)?],
    };
    Ok(Delivery {
        id,
        effect: None,
        events,
    })
}

fn event(key: &str, json: &mut [u8]) -> Result<Event, Rejection> {
    use MergeRequestAction::{Approved, ChangesRequested, Closed, Merged, Opened, Updated};
    let mut request = |action| pull_request::event(parse(json)?, action);
    match key {
        "pullrequest:created" => request(Opened),
        // Also another title: the payload says not what was changed.
        "pullrequest:updated" => request(Updated),
        "pullrequest:approved" => request(Approved),
        "pullrequest:changes_request_created" => request(ChangesRequested),
        "pullrequest:fulfilled" => request(Merged),
        "pullrequest:rejected" => request(Closed),
        "pullrequest:comment_created" => remark::on_request(parse(json)?, "created"),
        "pullrequest:comment_updated" => remark::on_request(parse(json)?, "edited"),
        "pullrequest:comment_deleted" => remark::on_request(parse(json)?, "deleted"),
        "pullrequest:comment_resolved" => remark::on_request(parse(json)?, "resolved"),
        "repo:commit_comment_created" => remark::on_commit(parse(json)?),
        "issue:created" => issue::created(parse(json)?),
        "issue:updated" => issue::updated(parse(json)?),
        "issue:comment_created" => issue::commented(parse(json)?),
        "repo:commit_status_created" | "repo:commit_status_updated" => status::event(parse(json)?),
        other => {
            parse::<IgnoredAny>(json)?;
            Err(of_no_interest("event", other))
        }
    }
}

fn parse<T: DeserializeOwned>(json: &mut [u8]) -> Result<T, Rejection> {
    delivery::parse(json, "Bitbucket")
}
