//! SQL on `replays`, for the API.

use super::{Detail, Entry, ReplayState};
use crate::{
    dead_letter::Selection,
    push::{
        Stats,
        state::{DEAD, DELIVERED},
    },
};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, ReplayId},
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use serde_json::Value;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

const COLUMNS: &str = "v.id, v.kind, v.state, v.event_id, v.username, v.matched, v.replayed, v.skipped, v.created_at, v.ended_at";
/// As many as an event shows.
const MOST_OF_EVENT: i64 = 100;

/// A replay that begins.
pub struct New {
    pub kind: &'static str,
    pub state: ReplayState,
    /// JSON.
    pub selection: String,
    pub event_id: Option<EventId>,
    /// As `events.event`.
    pub packed_event: Option<Vec<u8>>,
    /// JSON.
    pub earlier_review: Option<String>,
    pub matched: i64,
    pub replayed: i64,
    pub username: String,
    pub now: Micros,
}

impl New {
    pub fn of_dead_letters(
        selection: &Selection,
        matched: i64,
        username: &str,
        now: Micros,
    ) -> Self {
        Self {
            kind: "dead_letters",
            state: ReplayState::Running,
            selection: serde_json::to_string(selection).unwrap_or_default(),
            event_id: None,
            packed_event: None,
            earlier_review: None,
            matched,
            replayed: 0,
            username: username.to_owned(),
            now,
        }
    }
}

/// Returns its id.
pub async fn insert(connection: &mut AnyConnection, new: &New) -> Result<ReplayId, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO replays (kind, state, selection, event_id, event, earlier_review, matched, replayed, skipped, mark_at, mark_id,
            run_at, username, created_at, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, $9, $10, $9, $11) RETURNING id",
    )
    .bind(new.kind)
    .bind(new.state.name())
    .bind(&new.selection)
    .bind(new.event_id)
    .bind(new.packed_event.as_deref())
    .bind(new.earlier_review.as_deref())
    .bind(new.matched)
    .bind(new.replayed)
    .bind(new.now)
    .bind(&new.username)
    .bind((new.state != ReplayState::Running).then_some(new.now))
    .fetch_one(connection)
    .await
}

/// One page, and how many there are in all. `filter` is on `v`.
pub async fn list(
    pool: &AnyPool,
    filter: &Filter,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let listing = Listing {
        table: "replays v",
        key: "v.id",
        columns: COLUMNS,
        joins: "",
    };
    filter.page(pool, &listing, page, entry).await
}

pub async fn find(pool: &AnyPool, id: ReplayId) -> Result<Option<Detail>, sqlx::Error> {
    let sql =
        format!("SELECT {COLUMNS}, v.selection, v.earlier_review FROM replays v WHERE v.id = $1");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(pool)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let pushes = sqlx::query(AssertSqlSafe(format!(
        "SELECT COUNT(*) AS total, COUNT(CASE WHEN {DELIVERED} THEN 1 END) AS success,
            COUNT(CASE WHEN {DEAD} THEN 1 END) AS failed
         FROM pushes WHERE replay_id = $1"
    )))
    .bind(id)
    .fetch_one(pool)
    .await?;
    let json = |text: String| {
        serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))
    };
    let earlier: Option<String> = row.try_get("earlier_review")?;
    Ok(Some(Detail {
        entry: entry(&row)?,
        selection: shown(json(row.try_get("selection")?)?),
        pushes: Stats {
            total: pushes.try_get("total")?,
            success: pushes.try_get("success")?,
            failed: pushes.try_get("failed")?,
        },
        earlier_review: earlier.map(json).transpose()?,
    }))
}

/// As the request had it; it is stored as it is compared.
fn shown(mut selection: Value) -> Value {
    if let Some(fields) = selection.as_object_mut() {
        for (stored, asked) in [("since", "start_time"), ("until", "end_time")] {
            if let Some(at) = fields.remove(stored).and_then(|time| time.as_i64()) {
                fields.insert(asked.to_owned(), rfc3339(at).into());
            }
        }
    }
    selection
}

/// The newest ones of an event.
pub async fn ids_of_event(pool: &AnyPool, event_id: EventId) -> Result<Vec<ReplayId>, sqlx::Error> {
    sqlx::query_scalar("SELECT id FROM replays WHERE event_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(event_id)
        .bind(MOST_OF_EVENT)
        .fetch_all(pool)
        .await
}

/// Ends one that runs. False when it does not. What it sent stays sent.
pub async fn cancel(
    connection: &mut AnyConnection,
    id: ReplayId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE replays SET state = 'cancelled', ended_at = $2 WHERE id = $1 AND state = 'running'",
    )
    .bind(id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn entry(row: &AnyRow) -> Result<Entry, sqlx::Error> {
    let ended_at: Option<Micros> = row.try_get("ended_at")?;
    Ok(Entry {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        state: row.try_get("state")?,
        event_id: row.try_get("event_id")?,
        username: row.try_get("username")?,
        matched: row.try_get("matched")?,
        replayed: row.try_get("replayed")?,
        skipped: row.try_get("skipped")?,
        created_at: rfc3339(row.try_get("created_at")?),
        ended_at: ended_at.map(rfc3339),
    })
}
