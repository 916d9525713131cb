//! SQL over the tables that hang on an event.

use crate::{
    push::{
        Stats, Status,
        state::{CANCELLED, DEAD, ENDED, WAITING},
        store::{Counted, add_past},
    },
    repo::former,
    user,
};
use push_notify_core::{
    calendar::QUARTER_US,
    clock::Micros,
    id::{EventId, PushId, RepoId, TemplateId, listed},
};
use push_notify_db::{Dialect, list::among};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow};
use std::collections::HashMap;

/// An event, and what decides whether it may go.
pub(super) struct Candidate {
    pub id: EventId,
    pub received_at: Micros,
    /// Something of it waits or is under way: a push, its review, or it itself.
    pub waits: bool,
    pub pushes: i64,
    /// Pushes that failed.
    pub failed: i64,
    /// When the newest of its pushes was made: a retry is younger than its event. Or when it was
    /// discarded.
    pub pushed_at: Micros,
}

/// The events behind the id `after`, ascending.
pub(super) async fn candidates(
    pool: &AnyPool,
    after: EventId,
    most: usize,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let sql = format!(
        "SELECT e.id, e.received_at,
            CASE WHEN e.state = 'parked' OR EXISTS (SELECT 1 FROM reviews r WHERE r.id = e.id AND r.step IS NOT NULL)
                THEN 1 ELSE 0 END AS waits,
            COUNT(p.id) AS pushes,
            COUNT(CASE WHEN p.{WAITING} OR p.lease IS NOT NULL THEN 1 END) AS waiting,
            COUNT(CASE WHEN p.{DEAD} AND NOT p.{CANCELLED} THEN 1 END) AS failed,
            COALESCE(MAX(p.created_at), CASE WHEN e.state = 'discarded' THEN e.retry_at END, 0) AS pushed_at
         FROM (SELECT id, received_at, state, retry_at FROM events WHERE id > $1 ORDER BY id LIMIT {most}) e
            LEFT JOIN pushes p ON p.event_id = e.id
         GROUP BY e.id, e.received_at, e.state, e.retry_at ORDER BY e.id"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(after)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let waiting: i64 = row.try_get("waiting")?;
            let waits = i64::from(row.try_get::<i32, _>("waits")?);
            Ok(Candidate {
                id: row.try_get("id")?,
                received_at: row.try_get("received_at")?,
                waits: waits + waiting > 0,
                pushes: row.try_get("pushes")?,
                failed: row.try_get("failed")?,
                pushed_at: row.try_get("pushed_at")?,
            })
        })
        .collect()
}

/// What is gone.
pub(super) struct Gone {
    pub events: u64,
    pub pushes: u64,
    pub bytes: Bytes,
}

/// Bytes by repository.
pub(super) type Bytes = HashMap<RepoId, i64>;

/// Of a push, `PUSH_BYTES` first.
const MESSAGE_BYTES: &str = "CAST(1024 + COALESCE(OCTET_LENGTH(title), 0) + COALESCE(OCTET_LENGTH(body), 0) AS BIGINT) AS bytes";
/// Of a delivery as it came.
const DELIVERY_BYTES: &str = "OCTET_LENGTH(headers) + OCTET_LENGTH(body)";

/// Removes the events with their pushes, attempts and reviews; what came to wait meanwhile stays.
pub(super) async fn remove(
    connection: &mut AnyConnection,
    dialect: Dialect,
    events: &[EventId],
) -> Result<Gone, sqlx::Error> {
    let mut bytes = Bytes::new();
    let ids = listed(events.iter().copied());
    let rows = sqlx::query(AssertSqlSafe(format!(
        "DELETE FROM pushes WHERE event_id IN ({ids}) AND {ENDED} AND lease IS NULL
         RETURNING id, repo_id, target_id, template_id, created_at, state, {MESSAGE_BYTES}"
    )))
    .persistent(false)
    .fetch_all(&mut *connection)
    .await?;
    let mut pushes = Vec::with_capacity(rows.len());
    let mut past: HashMap<Counted, Stats> = HashMap::new();
    for row in &rows {
        pushes.push(row.try_get::<PushId, _>("id")?);
        add_bytes(&mut bytes, row)?;
        let status = Status::of_state(row.try_get("state")?);
        let one = Stats {
            total: 1,
            success: i64::from(status == Status::Success),
            failed: i64::from(status == Status::Failed),
        };
        let quarter = row.try_get::<Micros, _>("created_at")? / QUARTER_US;
        let mut count = |part, id| {
            let sum = past.entry((part, id)).or_default();
            *sum = *sum + one;
        };
        count("past_repo", row.try_get("repo_id")?);
        count("past_target", row.try_get("target_id")?);
        count("past_quarter", quarter);
        if let Some(template_id) = row.try_get::<Option<TemplateId>, _>("template_id")? {
            count("past_template", template_id.get());
        }
    }
    let past: Vec<(Counted, Stats)> = past.into_iter().collect();
    add_past(connection, dialect, &past).await?;
    if !pushes.is_empty() {
        let attempts = format!(
            "DELETE FROM push_attempts WHERE {}",
            among("push_id", pushes.iter().copied())
        );
        run(connection, attempts).await?;
    }
    let replays = format!("DELETE FROM replays WHERE event_id IN ({ids}) AND state <> 'running'");
    run(connection, replays).await?;
    let reviews = format!("DELETE FROM reviews WHERE id IN ({ids}) AND step IS NULL");
    run(connection, reviews).await?;
    let removed = format!(
        "DELETE FROM events WHERE id IN ({ids}) AND state <> 'parked'
            AND NOT EXISTS (SELECT 1 FROM pushes p WHERE p.event_id = events.id)
            AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.id = events.id)
         RETURNING repo_id, CAST({DELIVERY_BYTES} + COALESCE(OCTET_LENGTH(event), 0) AS BIGINT) AS bytes"
    );
    let removed = sqlx::query(AssertSqlSafe(removed))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    for row in &removed {
        add_bytes(&mut bytes, row)?;
    }
    Ok(Gone {
        events: removed.len() as u64,
        pushes: pushes.len() as u64,
        bytes,
    })
}

fn add_bytes(sums: &mut Bytes, row: &AnyRow) -> Result<(), sqlx::Error> {
    *sums.entry(row.try_get("repo_id")?).or_default() += row.try_get::<i64, _>("bytes")?;
    Ok(())
}

/// Discards at most `most` of what was parked before `before`. Returns how many, and what they took
/// up.
pub(super) async fn end_parked(
    connection: &mut AnyConnection,
    before: Micros,
    now: Micros,
    reason: &str,
    most: usize,
) -> Result<(u64, Bytes), sqlx::Error> {
    let sql = format!(
        "SELECT id, repo_id, CAST({DELIVERY_BYTES} AS BIGINT) AS bytes FROM events
         WHERE state = 'parked' AND received_at < $1 ORDER BY id LIMIT {most}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(before)
        .fetch_all(&mut *connection)
        .await?;
    let (mut ended, mut bytes) = (0, Bytes::new());
    for row in &rows {
        let done = sqlx::query(
            "UPDATE events SET state = 'discarded', reason = $1, retry_at = $2, body = $3, headers = '',
                parked_settings = NULL, delivery_key = 'discarded:' || CAST(id AS TEXT)
             WHERE id = $4 AND state = 'parked'",
        )
        .bind(reason)
        .bind(now)
        .bind(Vec::<u8>::new())
        .bind(row.try_get::<EventId, _>("id")?)
        .execute(&mut *connection)
        .await?;
        if done.rows_affected() > 0 {
            ended += 1;
            add_bytes(&mut bytes, row)?;
        }
    }
    Ok((ended, bytes))
}

/// Drops what came in as it came; a parked event needs it still.
pub(super) async fn drop_bodies(
    connection: &mut AnyConnection,
    events: &[EventId],
) -> Result<(u64, Bytes), sqlx::Error> {
    let ids = listed(events.iter().copied());
    let sql = format!(
        "SELECT repo_id, CAST({DELIVERY_BYTES} AS BIGINT) AS bytes FROM events WHERE id IN ({ids}) AND state <> 'parked'"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    let mut bytes = Bytes::new();
    for row in &rows {
        add_bytes(&mut bytes, row)?;
    }
    let sql = format!(
        "UPDATE events SET body = $1, headers = '' WHERE id IN ({ids}) AND state <> 'parked'"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(Vec::<u8>::new())
        .persistent(false)
        .execute(connection)
        .await?;
    Ok((done.rows_affected(), bytes))
}

/// The events behind the id `after` that came before `before`, as far as none that is younger comes
/// between.
pub(super) async fn older(
    pool: &AnyPool,
    after: EventId,
    before: Micros,
    most: usize,
) -> Result<Vec<EventId>, sqlx::Error> {
    let sql = format!("SELECT id, received_at FROM events WHERE id > $1 ORDER BY id LIMIT {most}");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(after)
        .fetch_all(pool)
        .await?;
    let mut older = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.try_get::<Micros, _>("received_at")? >= before {
            break;
        }
        older.push(row.try_get("id")?);
    }
    Ok(older)
}

pub(super) async fn mark(pool: &AnyPool, name: &str) -> Result<EventId, sqlx::Error> {
    let found = sqlx::query_scalar("SELECT event_id FROM retention_marks WHERE name = $1")
        .bind(name)
        .fetch_optional(pool)
        .await?;
    Ok(found.unwrap_or_default())
}

pub(super) async fn set_mark(
    connection: &mut AnyConnection,
    name: &str,
    event_id: EventId,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO retention_marks (name, event_id) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET event_id = excluded.event_id",
    )
    .bind(name)
    .bind(event_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// At most `most` sessions and links that are over, registrations that nobody confirmed, and the
/// former secrets of repositories that nothing needs any more.
pub(super) async fn remove_over(
    connection: &mut AnyConnection,
    now: Micros,
    most: usize,
) -> Result<u64, sqlx::Error> {
    let mut removed = 0;
    for (table, key) in [("sessions", "id"), ("activations", "token_digest")] {
        let sql = format!(
            "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE expires_at <= $1 LIMIT {most})"
        );
        removed += sqlx::query(AssertSqlSafe(sql))
            .bind(now)
            .execute(&mut *connection)
            .await?
            .rows_affected();
    }
    removed += former::store::remove_over(&mut *connection, now).await?;
    removed += user::store::end_unconfirmed(connection, now).await?;
    Ok(removed)
}

async fn run(connection: &mut AnyConnection, sql: String) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
