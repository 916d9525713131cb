//! The reading SQL on `events`. The pipeline writes them.

use super::{Detail, Entry, codec};
use crate::{
    clock::rfc3339,
    db::list::{Filter, Listing},
    http::page::{Page, Total},
};
use push_notify_host::Event;
use sqlx::{AnyPool, Row as _, any::AnyRow};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("event {0}: {1}")]
    Codec(i64, codec::CodecError),
    #[error("event {0}: {1}")]
    Json(i64, serde_json::Error),
}

/// One page, and how many there are in all. `filter` is on `e`.
pub async fn list(
    pool: &AnyPool,
    filter: &Filter,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let listing = Listing {
        table: "events e",
        key: "e.id",
        columns: "e.id, e.repo_id, r.name AS repo_name, e.kind, e.state, e.reason, e.delivery_id, e.received_at",
        joins: "LEFT JOIN repos r ON r.id = e.repo_id",
    };
    let entry = |row: &AnyRow| {
        Ok(Entry {
            id: row.try_get("id")?,
            repo_id: row.try_get("repo_id")?,
            repo_name: row.try_get("repo_name")?,
            kind: row.try_get("kind")?,
            state: row.try_get("state")?,
            reason: row.try_get("reason")?,
            delivery_id: row.try_get("delivery_id")?,
            received_at: rfc3339(row.try_get("received_at")?),
        })
    };
    filter.page(pool, &listing, page, entry).await
}

pub async fn find(pool: &AnyPool, id: i64) -> Result<Option<Detail>, Error> {
    let row = sqlx::query(
        "SELECT e.repo_id, v.id AS review_id, e.state, e.reason, e.delivery_id, e.received_at, e.event
         FROM events e LEFT JOIN reviews v ON v.id = e.id WHERE e.id = $1",
    )
    .bind(id)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let packed: Option<Vec<u8>> = row.try_get("event")?;
    Ok(Some(Detail {
        id,
        repo_id: row.try_get("repo_id")?,
        review_id: row.try_get("review_id")?,
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        delivery_id: row.try_get("delivery_id")?,
        received_at: row.try_get("received_at")?,
        event: packed.map(|packed| unpack(id, &packed)).transpose()?,
    }))
}

/// The event as the replay `form_id` has it, or else as it was first normalised. None: it is gone, or parked.
pub async fn find_form(
    pool: &AnyPool,
    id: i64,
    form_id: Option<i64>,
) -> Result<Option<Event>, Error> {
    let packed: Option<Option<Vec<u8>>> = sqlx::query_scalar(
        "SELECT COALESCE(f.event, e.event) FROM events e LEFT JOIN replays f ON f.id = $2 WHERE e.id = $1",
    )
    .bind(id)
    .bind(form_id)
    .fetch_optional(pool)
    .await?;
    packed
        .flatten()
        .map(|packed| unpack(id, &packed))
        .transpose()
}

fn unpack(id: i64, packed: &[u8]) -> Result<Event, Error> {
    let json = codec::unpack(packed, codec::MOST_BYTES).map_err(|error| Error::Codec(id, error))?;
    serde_json::from_slice(&json).map_err(|error| Error::Json(id, error))
}

/// How many wait for a plugin.
pub async fn count_parked(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE state = 'parked'")
        .fetch_one(pool)
        .await
}
