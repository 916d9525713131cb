use crate::push::{
    PushState,
    state::{PARKED, PENDING, WAITING},
};
use push_notify_core::{
    clock::Micros,
    id::{EventId, TargetId},
};
use push_notify_db::list::among;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe};

/// Those of the event that were to be sent only if a rule still wants it when the review is there,
/// and whose targets are not among the `wanted`. None of them was tried.
pub async fn drop_unwanted(
    connection: &mut AnyConnection,
    event_id: EventId,
    wanted: &[TargetId],
) -> Result<(), sqlx::Error> {
    let but = match wanted.is_empty() {
        true => String::new(),
        false => format!(" AND NOT {}", among("target_id", wanted.iter().copied())),
    };
    sqlx::query(AssertSqlSafe(format!(
        "DELETE FROM pushes WHERE event_id = $1 AND {PENDING} AND lease IS NULL AND attempts = 0
            AND choice LIKE '%\"awaits_review\":true%'{but}"
    )))
    .persistent(false)
    .bind(event_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The event's pushes wait for its review no longer.
pub async fn release_reviewed(
    connection: &mut AnyConnection,
    event_id: EventId,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(format!(
        "UPDATE pushes SET run_at = $1
         WHERE event_id = $2 AND {PENDING} AND lease IS NULL AND attempts = 0 AND run_at > $1"
    )))
    .bind(now)
    .bind(event_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes up at most `most` of those that wait for this channel's plugin, those that waited longest.
/// Returns how many.
pub async fn unpark(
    pool: &AnyPool,
    channel: &str,
    most: i64,
    now: Micros,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(AssertSqlSafe(format!(
        "UPDATE pushes SET {PENDING}, run_at = $1, lease = NULL
         WHERE {PARKED} AND id IN (SELECT id FROM push_queue
             WHERE {PARKED} AND target_id IN (SELECT id FROM targets WHERE type = $2)
             ORDER BY run_at, id LIMIT $3)"
    )))
    .bind(now)
    .bind(channel)
    .bind(most)
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// Ends all that waits, without success. Returns how many.
pub async fn fail_waiting(
    connection: &mut AnyConnection,
    reason: &str,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(AssertSqlSafe(format!(
        "UPDATE pushes SET state = $2, reason = $1, lease = NULL WHERE {WAITING}"
    )))
    .bind(reason)
    .bind(PushState::Failed.name())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
