//! SQL on `target_health`. What sends say of a target is written with their outcomes, in
//! `pipeline/`.

use super::Health;
use push_notify_core::{clock::Micros, id::TargetId};
use push_notify_db::list::among;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};
use std::collections::HashMap;

const COLUMNS: &str = "target_id, failures, failing_since, opened_at, open_until, openings, paused_until, misconfigured_since,
    last_error, last_success_at, flagged_at, updated_at";

impl FromRow<'_, AnyRow> for Health {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            failures: row.try_get("failures")?,
            failing_since: row.try_get("failing_since")?,
            opened_at: row.try_get("opened_at")?,
            open_until: row.try_get("open_until")?,
            openings: row.try_get("openings")?,
            paused_until: row.try_get("paused_until")?,
            misconfigured_since: row.try_get("misconfigured_since")?,
            last_error: row.try_get("last_error")?,
            last_success_at: row.try_get("last_success_at")?,
            flagged_at: row.try_get("flagged_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// Of these targets; those that never had any trouble, and took nothing lately, are not there.
pub async fn of(
    pool: &AnyPool,
    ids: &[TargetId],
) -> Result<HashMap<TargetId, Health>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut healths = read(pool, &among("target_id", ids.iter().copied())).await?;
    for (target_id, at) in last_successes(pool, ids).await? {
        let health = healths.entry(target_id).or_default();
        health.last_success_at = health.last_success_at.max(Some(at));
    }
    Ok(healths)
}

/// Pushes of a target that are looked at for its last success.
const NEWEST: usize = 100;

/// When these targets took a message last, if one of their newest pushes is that message. No row is
/// written for each success: a target that is well costs no statement.
async fn last_successes(
    pool: &AnyPool,
    ids: &[TargetId],
) -> Result<Vec<(TargetId, Micros)>, sqlx::Error> {
    let rows: Vec<String> = ids.iter().map(|id| format!("({id})")).collect();
    let sql = format!(
        "WITH t (id) AS (VALUES {})
         SELECT CAST(id AS BIGINT) AS target_id, (SELECT MAX(pushed_at) FROM (
             SELECT pushed_at FROM pushes WHERE target_id = t.id ORDER BY created_at DESC, id DESC LIMIT {NEWEST}) newest) AS at
         FROM t",
        rows.join(", ")
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(pool)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(at) = row.try_get("at")? {
            found.push((row.try_get("target_id")?, at));
        }
    }
    Ok(found)
}

/// Of all targets that are not well, and of those in `besides`.
pub async fn ailing(
    pool: &AnyPool,
    besides: &[TargetId],
    now: Micros,
) -> Result<HashMap<TargetId, Health>, sqlx::Error> {
    let known = match besides {
        [] => String::new(),
        ids => format!(" OR {}", among("target_id", ids.iter().copied())),
    };
    let condition = format!(
        "failures > 0 OR open_until IS NOT NULL OR misconfigured_since IS NOT NULL OR paused_until > {now}{known}"
    );
    read(pool, &condition).await
}

/// Makes it well: its settings were changed, or nobody wants it any more.
pub async fn clear(
    connection: &mut AnyConnection,
    target_id: TargetId,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE target_health SET failures = 0, failing_since = NULL, opened_at = NULL, open_until = NULL, openings = 0,
             paused_until = NULL, misconfigured_since = NULL, last_error = NULL, flagged_at = NULL, notified_at = NULL,
             updated_at = CASE WHEN updated_at >= $2 THEN updated_at + 1 ELSE $2 END
         WHERE target_id = $1",
    )
    .bind(target_id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends the rest of an open breaker: the next push is a probe. False when none is open.
pub async fn end_rest(
    connection: &mut AnyConnection,
    target_id: TargetId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE target_health SET open_until = $2, updated_at = CASE WHEN updated_at >= $2 THEN updated_at + 1 ELSE $2 END
         WHERE target_id = $1 AND open_until IS NOT NULL",
    )
    .bind(target_id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// In `condition` are numbers of our own.
async fn read(pool: &AnyPool, condition: &str) -> Result<HashMap<TargetId, Health>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM target_health WHERE {condition}");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("target_id")?, Health::from_row(row)?)))
        .collect()
}
