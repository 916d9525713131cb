//! What a delivery was when it came, for whoever has to find out what is wrong with it. What proves
//! it is not shown.

use super::scrub;
use crate::{
    event::EventState,
    pipeline::{
        Pipeline, ReplayError,
        parked::{late, unpark::StoredDelivery},
        store,
    },
};
use push_notify_core::{
    clock::Micros,
    id::{EventId, RepoId},
};
use push_notify_host::Settings;
use sqlx::Row as _;

/// A delivery as it is shown.
pub struct Looked {
    pub repo_id: RepoId,
    pub state: EventState,
    pub reason: Option<String>,
    pub received_at: Micros,
    /// Of a parked one.
    pub retry_at: Option<Micros>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Pipeline {
    pub async fn look(&self, event_id: EventId) -> Result<Looked, ReplayError> {
        let row = sqlx::query(
            "SELECT repo_id, state, reason, headers, body, received_at, retry_at, parked_settings FROM events WHERE id = $1",
        )
        .bind(event_id)
        .fetch_optional(self.app.db.read())
        .await?
        .ok_or(ReplayError::Unknown)?;
        let stored = StoredDelivery {
            repo_id: row.get("repo_id"),
            headers: row.get("headers"),
            body: row.get("body"),
        };
        if stored.body.is_empty() {
            return Err(ReplayError::BodyGone);
        }
        let webhook = self.webhook(event_id, &stored)?;
        let then = late::settings(&self.app.vault, stored.repo_id, row.get("parked_settings"))?;
        let route = store::route_of_repo(&self.app, stored.repo_id).await?;
        let today = route.iter().flat_map(|route| route.all_settings());
        let settings: Vec<&Settings> = then.iter().chain(today).collect();
        let state: EventState = row.get("state");
        Ok(Looked {
            repo_id: stored.repo_id,
            retry_at: match state {
                EventState::Parked => row.get("retry_at"),
                _ => None,
            },
            state,
            reason: row.get("reason"),
            received_at: row.get("received_at"),
            headers: scrub::headers(&settings, &webhook),
            body: scrub::body(&settings, &webhook).into_owned(),
        })
    }
}
