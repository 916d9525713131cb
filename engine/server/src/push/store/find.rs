use crate::push::{
    state::{PARKED, PENDING},
    types::{Attempt, Push},
};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{PushId, RuleId},
};
use serde::Deserialize;
use sqlx::{AnyPool, AssertSqlSafe, Row as _, any::AnyRow};

/// The rules of the column `choice`.
fn sent_by(choice: Option<&str>) -> Vec<RuleId> {
    #[derive(Deserialize)]
    struct Sent {
        rules: Vec<RuleId>,
    }
    let sent = choice.and_then(|choice| serde_json::from_str::<Sent>(choice).ok());
    sent.map(|sent| sent.rules).unwrap_or_default()
}

pub async fn find(pool: &AnyPool, id: PushId) -> Result<Option<Push>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT p.id, p.event_id, p.repo_id, r.name AS repo_name, r.url AS repo_url, p.target_id,
            t.name AS target_name, t.type AS target_type, COALESCE(p.template_id, c.template_id) AS template_id,
            m.name AS template_name, p.retry_of, p.replay_id, p.form_id, p.superseded_by, p.carried_by, p.choice,
            p.commit_id, p.commit_msg, p.state, p.reason, p.attempts, p.run_at, p.waits_for, p.lease,
            COALESCE(p.title, c.title) AS title, COALESCE(p.body, c.body) AS body,
            p.pushed_at, p.created_at
         FROM pushes p LEFT JOIN repos r ON r.id = p.repo_id LEFT JOIN targets t ON t.id = p.target_id
            LEFT JOIN pushes c ON c.id = p.carried_by
            LEFT JOIN templates m ON m.id = COALESCE(p.template_id, c.template_id)
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
            replay_id: row.try_get("replay_id")?,
            form_id: row.try_get("form_id")?,
            superseded_by: row.try_get("superseded_by")?,
            carried_by: row.try_get("carried_by")?,
            rules: sent_by(row.try_get("choice")?),
            commit_id: row.try_get("commit_id")?,
            commit_msg: row.try_get("commit_msg")?,
            state: row.try_get("state")?,
            reason: row.try_get("reason")?,
            attempts: row.try_get("attempts")?,
            run_at: row.try_get("run_at")?,
            waits_for: row.try_get("waits_for")?,
            leased: row.try_get::<Option<i64>, _>("lease")?.is_some(),
            title: row.try_get("title")?,
            body: row.try_get("body")?,
            pushed_at: row.try_get("pushed_at")?,
            created_at: row.try_get("created_at")?,
        })
    })
    .transpose()
}

/// How many pushes the message of this one carries.
pub async fn count_carried(pool: &AnyPool, id: PushId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM pushes WHERE carried_by = $1")
        .bind(id)
        .fetch_one(pool)
        .await
}

/// In their order.
pub async fn attempts(pool: &AnyPool, push_id: PushId) -> Result<Vec<Attempt>, sqlx::Error> {
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

/// How many wait for a plugin.
pub async fn count_parked(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM push_queue WHERE {PARKED}"
    )))
    .fetch_one(pool)
    .await
}

/// Since when the most overdue push has been due.
pub async fn oldest_due(pool: &AnyPool) -> Result<Option<Micros>, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT run_at FROM push_queue WHERE {PENDING} ORDER BY run_at LIMIT 1"
    )))
    .fetch_optional(pool)
    .await
}
