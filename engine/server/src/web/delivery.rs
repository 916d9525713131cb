//! `GET /api/v1/events/{id}/delivery`.

use super::replay::refused;
use crate::{
    event::EventState,
    http::{Answer, Reply, extract::Id},
    pipeline::{Looked, Pipeline},
};
use axum::Extension;
use push_notify_core::{
    clock::rfc3339,
    id::{EventId, RepoId},
};
use schemars::JsonSchema;
use serde::Serialize;

/// Of a body, in bytes. More helps nobody, and browsers least.
const MOST_SHOWN: usize = 256 << 10;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EventDelivery")]
pub struct Shown {
    event_id: EventId,
    repo_id: RepoId,
    state: EventState,
    reason: Option<String>,
    received_at: String,
    /// When a parked one is tried again by itself.
    retry_at: Option<String>,
    /// What proves the delivery is masked.
    headers: Vec<Header>,
    /// As text. Secrets are masked.
    body: String,
    /// Of the whole body.
    body_bytes: usize,
    /// Whether only the beginning of the body is shown.
    cut: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EventDeliveryHeader")]
struct Header {
    name: String,
    value: String,
}

/// What came in: of a parked or discarded event there is nothing else to look at.
pub async fn show(Extension(pipeline): Extension<Pipeline>, Id(id): Id<EventId>) -> Answer<Shown> {
    let looked = pipeline.look(id).await.map_err(refused)?;
    Reply::data(shown(id, looked))
}

fn shown(event_id: EventId, looked: Looked) -> Shown {
    let start = &looked.body[..looked.body.len().min(MOST_SHOWN)];
    Shown {
        event_id,
        repo_id: looked.repo_id,
        state: looked.state,
        reason: looked.reason,
        received_at: rfc3339(looked.received_at),
        retry_at: looked.retry_at.map(rfc3339),
        headers: looked
            .headers
            .into_iter()
            .map(|(name, value)| Header { name, value })
            .collect(),
        body: String::from_utf8_lossy(start).into_owned(),
        body_bytes: looked.body.len(),
        cut: looked.body.len() > MOST_SHOWN,
    }
}
