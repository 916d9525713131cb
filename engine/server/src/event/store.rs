//! The reading SQL on `events`. The pipeline writes them.

use super::{Detail, Entry, EventState, codec};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, ReplayId, RepoId},
};
use push_notify_db::{
    list::{Filter, Listing, among},
    page::{Page, Total},
};
use push_notify_host::Event;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

/// Of a state and a repository, where they are given.
const REMOVABLE: &str = "state IN ('parked', 'discarded') AND (CAST($1 AS TEXT) IS NULL OR state = $1) AND (CAST($2 AS BIGINT) IS NULL OR repo_id = $2)";

/// What an event takes up.
const BYTES: &str = "OCTET_LENGTH(headers) + OCTET_LENGTH(body) + COALESCE(OCTET_LENGTH(event), 0)";

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("event {0}: {1}")]
    Codec(EventId, codec::CodecError),
    #[error("event {0}: {1}")]
    Json(EventId, serde_json::Error),
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
        columns: "e.id, e.repo_id, r.name AS repo_name, e.kind, e.state, e.reason, e.untold, e.delivery_id, e.received_at,
            CASE WHEN e.state = 'parked' THEN e.retry_at END AS retry_at,
            CAST(OCTET_LENGTH(e.headers) + OCTET_LENGTH(e.body) + COALESCE(OCTET_LENGTH(e.event), 0) AS BIGINT) AS stored_bytes",
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
            untold: row.try_get("untold")?,
            delivery_id: row.try_get("delivery_id")?,
            received_at: rfc3339(row.try_get("received_at")?),
            retry_at: row.try_get::<Option<i64>, _>("retry_at")?.map(rfc3339),
            stored_bytes: row.try_get("stored_bytes")?,
        })
    };
    filter.page(pool, &listing, page, entry).await
}

/// A stored event that is not read yet.
pub struct Packed {
    pub id: EventId,
    pub received_at: Micros,
    repo_url: String,
    event: Vec<u8>,
}

impl Packed {
    /// With when it came, and the address of its repository here.
    pub fn event(self) -> Result<(Event, Micros, String), Error> {
        let event = unpack(self.id, &self.event)?;
        Ok((event, self.received_at, self.repo_url))
    }
}

/// Those before another one, the newest first.
pub async fn before(pool: &AnyPool, id: EventId, most: i64) -> Result<Vec<Packed>, Error> {
    let rows = sqlx::query(
        "SELECT e.id, e.received_at, e.event, COALESCE(r.url, '') AS repo_url
         FROM events e LEFT JOIN repos r ON r.id = e.repo_id
         WHERE e.id < $1 AND e.event IS NOT NULL ORDER BY e.id DESC LIMIT $2",
    )
    .bind(id)
    .bind(most)
    .fetch_all(pool)
    .await?;
    let packed = rows.iter().map(|row| {
        Ok(Packed {
            id: row.try_get("id")?,
            received_at: row.try_get("received_at")?,
            repo_url: row.try_get("repo_url")?,
            event: row.try_get("event")?,
        })
    });
    packed.collect()
}

pub async fn find(pool: &AnyPool, id: EventId) -> Result<Option<Detail>, Error> {
    let row = sqlx::query(
        "SELECT e.repo_id, v.id AS review_id, e.state, e.reason, e.untold, e.delivery_id, e.received_at, e.event
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
        untold: row.try_get("untold")?,
        delivery_id: row.try_get("delivery_id")?,
        received_at: row.try_get("received_at")?,
        event: packed.map(|packed| unpack(id, &packed)).transpose()?,
    }))
}

/// The event as the replay `form_id` has it, or else as it was first normalised. None: it is gone,
/// or parked.
pub async fn find_form(
    pool: &AnyPool,
    id: EventId,
    form_id: Option<ReplayId>,
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

fn unpack(id: EventId, packed: &[u8]) -> Result<Event, Error> {
    let json = codec::unpack(packed, codec::MOST_BYTES).map_err(|error| Error::Codec(id, error))?;
    serde_json::from_slice(&json).map_err(|error| Error::Json(id, error))
}

/// At most `most` of those that can be removed, the oldest first.
pub async fn removable(
    pool: &AnyPool,
    state: Option<EventState>,
    repo_id: Option<RepoId>,
    most: usize,
) -> Result<Vec<EventId>, sqlx::Error> {
    let sql = format!("SELECT id FROM events WHERE {REMOVABLE} ORDER BY id LIMIT {most}");
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(state.map(EventState::name))
        .bind(repo_id)
        .fetch_all(pool)
        .await
}

/// What is gone.
pub struct Gone {
    pub id: EventId,
    pub state: EventState,
    pub repo_id: RepoId,
    pub bytes: i64,
}

/// Removes those of `ids` that are parked or discarded: no push hangs on them.
pub async fn remove(
    connection: &mut AnyConnection,
    ids: &[EventId],
    state: Option<EventState>,
    repo_id: Option<RepoId>,
) -> Result<Vec<Gone>, sqlx::Error> {
    let these = among("id", ids.iter().copied());
    let sql = format!(
        "DELETE FROM events WHERE {these} AND {REMOVABLE}
         RETURNING id, state, repo_id, CAST({BYTES} AS BIGINT) AS bytes"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(state.map(EventState::name))
        .bind(repo_id)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Gone {
                id: row.try_get("id")?,
                state: row.try_get("state")?,
                repo_id: row.try_get("repo_id")?,
                bytes: row.try_get("bytes")?,
            })
        })
        .collect()
}

/// How many wait for a plugin.
pub async fn count_parked(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE state = 'parked'")
        .fetch_one(pool)
        .await
}

/// How many deliveries of a repository wait for its parser, and how many bytes their bodies take
/// up.
pub async fn parked_of_repo(pool: &AnyPool, repo_id: RepoId) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS parked, CAST(COALESCE(SUM(OCTET_LENGTH(body)), 0) AS BIGINT) AS bytes
         FROM events WHERE repo_id = $1 AND state = 'parked'",
    )
    .bind(repo_id)
    .fetch_one(pool)
    .await?;
    Ok((row.try_get("parked")?, row.try_get("bytes")?))
}

/// Bytes of all bodies that wait for a plugin.
pub async fn parked_bytes(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(OCTET_LENGTH(body)), 0) AS BIGINT) FROM events WHERE state = 'parked'",
    )
    .fetch_one(pool)
    .await
}
