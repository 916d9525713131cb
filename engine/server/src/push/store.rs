//! SQL on `pushes` and `push_attempts` outside the pipeline.

use super::{
    Stats, Status,
    model::{Attempt, Entry, Push},
};
use crate::{
    clock::{Micros, rfc3339},
    db::list::Filter,
    http::page::Page,
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _, any::AnyRow};
use std::collections::HashMap;

/// One page, and how many there are in all. `filter` is on `p`, `r` (repository) and `t` (target).
pub async fn list(
    pool: &AnyPool,
    filter: &Filter,
    page: &Page,
) -> Result<(Vec<Entry>, i64), sqlx::Error> {
    let from = "FROM pushes p LEFT JOIN repos r ON r.id = p.repo_id LEFT JOIN targets t ON t.id = p.target_id";
    let conditions = filter.sql();
    let count = AssertSqlSafe(format!("SELECT COUNT(*) {from}{conditions}"));
    let total = filter
        .bind(sqlx::query(count))
        .fetch_one(pool)
        .await?
        .try_get(0)?;
    let sql = format!(
        "SELECT p.id, p.event_id, p.repo_id, r.name AS repo_name, p.target_id, t.name AS target_name,
            t.type AS target_type, p.commit_id, p.commit_msg, p.state, p.reason, p.pushed_at, p.created_at
         {from}{conditions}{}",
        page.sql("p.id")
    );
    let rows = filter
        .bind(sqlx::query(AssertSqlSafe(sql)))
        .fetch_all(pool)
        .await?;
    Ok((rows.iter().map(entry).collect::<Result<_, _>>()?, total))
}

fn entry(row: &AnyRow) -> Result<Entry, sqlx::Error> {
    let state: String = row.try_get("state")?;
    Ok(Entry {
        id: row.try_get("id")?,
        event_id: row.try_get("event_id")?,
        repo_id: row.try_get("repo_id")?,
        repo_name: row.try_get("repo_name")?,
        target_id: row.try_get("target_id")?,
        target_name: row.try_get("target_name")?,
        target_type: row.try_get("target_type")?,
        commit_id: row.try_get("commit_id")?,
        commit_msg: row.try_get("commit_msg")?,
        status: Status::of_state(&state),
        state,
        reason: row.try_get("reason")?,
        pushed_at: row.try_get::<Option<Micros>, _>("pushed_at")?.map(rfc3339),
        created_at: rfc3339(row.try_get("created_at")?),
    })
}

pub async fn find(pool: &AnyPool, id: i64) -> Result<Option<Push>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT p.id, p.event_id, p.repo_id, r.name AS repo_name, r.url AS repo_url, p.target_id,
            t.name AS target_name, t.type AS target_type, p.template_id, m.name AS template_name, p.retry_of,
            p.commit_id, p.commit_msg, p.state, p.reason, p.attempts, p.run_at, p.lease, p.title, p.body,
            p.pushed_at, p.created_at
         FROM pushes p LEFT JOIN repos r ON r.id = p.repo_id LEFT JOIN targets t ON t.id = p.target_id
            LEFT JOIN templates m ON m.id = p.template_id
         WHERE p.id = $1",
    )
    .bind(id)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Push {
            id: row.try_get("id")?,
            event_id: row.try_get("event_id")?,
            repo_id: row.try_get("repo_id")?,
            repo_name: row.try_get("repo_name")?,
            repo_url: row.try_get("repo_url")?,
            target_id: row.try_get("target_id")?,
            target_name: row.try_get("target_name")?,
            target_type: row.try_get("target_type")?,
            template_id: row.try_get("template_id")?,
            template_name: row.try_get("template_name")?,
            retry_of: row.try_get("retry_of")?,
            commit_id: row.try_get("commit_id")?,
            commit_msg: row.try_get("commit_msg")?,
            state: row.try_get("state")?,
            reason: row.try_get("reason")?,
            attempts: row.try_get("attempts")?,
            run_at: row.try_get("run_at")?,
            leased: row.try_get::<Option<i64>, _>("lease")?.is_some(),
            title: row.try_get("title")?,
            body: row.try_get("body")?,
            pushed_at: row.try_get("pushed_at")?,
            created_at: row.try_get("created_at")?,
        })
    })
    .transpose()
}

/// In their order.
pub async fn attempts(pool: &AnyPool, push_id: i64) -> Result<Vec<Attempt>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT attempt, outcome, detail, started_at, duration_us FROM push_attempts
         WHERE push_id = $1 ORDER BY attempt",
    )
    .bind(push_id)
    .fetch_all(pool)
    .await?;
    let attempt = |row: &AnyRow| {
        Ok(Attempt {
            attempt: row.try_get("attempt")?,
            outcome: row.try_get("outcome")?,
            detail: row.try_get("detail")?,
            started_at: rfc3339(row.try_get("started_at")?),
            duration_ms: row.try_get::<i64, _>("duration_us")? as f64 / 1000.0,
        })
    };
    rows.iter().map(attempt).collect()
}

pub async fn stats_of_repo(pool: &AnyPool, repo_id: i64) -> Result<Stats, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS total, COUNT(CASE WHEN state = 'delivered' THEN 1 END) AS success,
            COUNT(CASE WHEN state NOT IN ('delivered', 'pending', 'parked') THEN 1 END) AS failed
         FROM pushes WHERE repo_id = $1",
    )
    .bind(repo_id)
    .fetch_one(pool)
    .await?;
    stats(&row)
}

/// By target. One without pushes is left out.
pub async fn stats_of_targets(
    pool: &AnyPool,
    ids: &[i64],
) -> Result<HashMap<i64, Stats>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let list = ids
        .iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "SELECT target_id, COUNT(*) AS total, COUNT(CASE WHEN state = 'delivered' THEN 1 END) AS success,
            COUNT(CASE WHEN state NOT IN ('delivered', 'pending', 'parked') THEN 1 END) AS failed
         FROM pushes WHERE target_id IN ({list}) GROUP BY target_id"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("target_id")?, stats(row)?)))
        .collect()
}

fn stats(row: &AnyRow) -> Result<Stats, sqlx::Error> {
    Ok(Stats {
        total: row.try_get("total")?,
        success: row.try_get("success")?,
        failed: row.try_get("failed")?,
    })
}

/// How many retries of `original` there are. Whoever has asked keeps others from retrying it until its transaction ends.
pub async fn count_retries(
    connection: &mut AnyConnection,
    event_id: i64,
    original: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query("UPDATE pushes SET retry_of = retry_of WHERE id = $1")
        .bind(original)
        .execute(&mut *connection)
        .await?;
    sqlx::query_scalar("SELECT COUNT(*) FROM pushes WHERE event_id = $1 AND retry_of = $2")
        .bind(event_id)
        .bind(original)
        .fetch_one(connection)
        .await
}

/// Sends `from` again as the new push `id`, due at once, to those recipients that do not have it. It is rendered anew, but
/// for a test message: its data was made up.
pub async fn insert_retry(
    connection: &mut AnyConnection,
    id: i64,
    from: i64,
    original: i64,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO pushes (id, event_id, repo_id, target_id, retry_of, scene, commit_id, commit_msg, state,
            attempts, run_at, only_to, most_attempts, template_id, title, body, created_at)
         SELECT $1, event_id, repo_id, target_id, $3, scene, commit_id, commit_msg, 'pending', 0, $4, only_to, most_attempts,
            CASE WHEN most_attempts IS NOT NULL THEN template_id END,
            CASE WHEN most_attempts IS NOT NULL THEN title END,
            CASE WHEN most_attempts IS NOT NULL THEN body END, $4
         FROM pushes WHERE id = $2",
    )
    .bind(id)
    .bind(from)
    .bind(original)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// How many wait for a plugin.
pub async fn count_parked(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM pushes WHERE state = 'parked'")
        .fetch_one(pool)
        .await
}

/// Since when the most overdue push has been due.
pub async fn oldest_due(pool: &AnyPool) -> Result<Option<Micros>, sqlx::Error> {
    sqlx::query_scalar("SELECT run_at FROM pushes WHERE state = 'pending' ORDER BY run_at LIMIT 1")
        .fetch_optional(pool)
        .await
}
