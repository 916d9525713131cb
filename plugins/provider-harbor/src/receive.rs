//! Deliveries, by what their body says they are.

use crate::{artifact, notice, payload::Data, scan};
use push_notify_sdk::{
    Delivery, Event, Rejection, Secret, Webhook,
    delivery::{self, authorization, missing, of_no_interest, person, plain_secret, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "type")]
    kind: Option<String>,
    operator: Option<String>,
    event_data: Option<Data>,
    // Of CloudEvents.
    specversion: Option<String>,
    id: Option<String>,
    time: Option<String>,
    data: Option<Data>,
}

pub(crate) fn receive(
    mut webhook: Webhook,
    secret: Option<&Secret>,
) -> Result<Delivery, Rejection> {
    let secret = delivery::secret(secret)?;
    let shown = webhook.header("authorization");
    match shown.filter(|value| !value.is_empty()) {
        Some(value) => authorization(value, secret)?,
        None => plain_secret(&webhook, secret, "there is no Authorization header")?,
    }
    let json = delivery::json(&mut webhook)?;
    let sent: Sent = delivery::parse(json, "Harbor")?;
    let kind = present(sent.kind).ok_or_else(|| missing("type"))?;
    let (data, id) = match sent.specversion {
        Some(_) => (sent.data, present(sent.id)),
        None => (sent.event_data, None),
    };
    // Its jobs are nobody.
    let operator = present(sent.operator).filter(|name| !is_service(name));
    let actor = person(None, None, operator, None);
    let happened_at = present(sent.time);
    let events = events(&kind, data)?.into_iter().map(|event| Event {
        actor: actor.clone(),
        happened_at: happened_at.clone(),
        ..event
    });
    Ok(Delivery {
        id,
        effect: None,
        events: events.collect(),
    })
}

fn is_service(name: &str) -> bool {
    matches!(name, "auto" | "harbor-jobservice")
}

/// `kind` by either name.
fn events(kind: &str, data: Option<Data>) -> Result<Vec<Event>, Rejection> {
    let data = || data.ok_or_else(|| missing("event_data"));
    match kind {
        "PUSH_ARTIFACT" | "harbor.artifact.pushed" => artifact::events(data()?, "published"),
        "DELETE_ARTIFACT" | "harbor.artifact.deleted" => artifact::events(data()?, "deleted"),
        "SCANNING_COMPLETED" | "harbor.scan.completed" => scan::completed(data()?),
        "SCANNING_FAILED" | "harbor.scan.failed" => scan::ended(data()?, "failed"),
        "SCANNING_STOPPED" | "harbor.scan.stopped" => scan::ended(data()?, "canceled"),
        "QUOTA_EXCEED" | "harbor.quota.exceeded" => notice::quota(data()?, true),
        "QUOTA_WARNING" | "harbor.quota.warned" => notice::quota(data()?, false),
        "REPLICATION" | "harbor.replication.status.changed" => notice::replication(data()?),
        "TAG_RETENTION" | "harbor.tag_retention.finished" => notice::retention(data()?),
        other => Err(of_no_interest("event", other)),
    }
}
