use crate::push::state::{ALIVE, CANCELLED, DEAD, WAITING};
use push_notify_core::{
    clock::Micros,
    id::{EventId, PushId},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _};

/// Retries of a push.
pub struct Retries {
    pub count: i64,
    /// Some retry waits, or was delivered.
    pub live: bool,
}

/// The retries of `original`. Whoever has asked keeps others from retrying it until its transaction
/// ends.
pub async fn retries_of(
    connection: &mut AnyConnection,
    event_id: EventId,
    original: PushId,
) -> Result<Retries, sqlx::Error> {
    sqlx::query("UPDATE pushes SET retry_of = retry_of WHERE id = $1")
        .bind(original)
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query(AssertSqlSafe(format!(
        "SELECT COUNT(*), COUNT(CASE WHEN {ALIVE} THEN 1 END) FROM pushes
         WHERE event_id = $1 AND retry_of = $2"
    )))
    .bind(event_id)
    .bind(original)
    .fetch_one(connection)
    .await?;
    Ok(Retries {
        count: row.try_get(0)?,
        live: row.try_get::<i64, _>(1)? > 0,
    })
}

/// Those of a push and its retries that ended without success: `by` was made in their place.
pub async fn supersede(
    connection: &mut AnyConnection,
    event_id: EventId,
    original: PushId,
    by: PushId,
) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(format!(
        "UPDATE pushes SET superseded_by = $3
         WHERE event_id = $1 AND (id = $2 OR retry_of = $2) AND id <> $3 AND superseded_by IS NULL
            AND {DEAD}"
    )))
    .bind(event_id)
    .bind(original)
    .bind(by)
    .execute(connection)
    .await?;
    Ok(())
}

/// Those that told of the event, or are about to with a message that is rendered already; none that
/// was made in another's place.
pub async fn told_of(pool: &AnyPool, event_id: EventId) -> Result<Vec<PushId>, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT id FROM pushes WHERE event_id = $1 AND retry_of IS NULL
            AND NOT {CANCELLED} AND NOT ({WAITING} AND title IS NULL)
         ORDER BY id"
    )))
    .bind(event_id)
    .fetch_all(pool)
    .await
}

/// Tells everybody again whom `from` told, as the new push `id`. False when `from` is gone.
pub async fn insert_repeat(
    connection: &mut AnyConnection,
    id: PushId,
    from: PushId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO pushes (id, event_id, repo_id, target_id, retry_of, scene, commit_id, commit_msg, state, attempts, run_at,
            choice, created_at)
         SELECT $1, event_id, repo_id, target_id, $2, scene, commit_id, commit_msg, 'pending', 0, $3, choice, $3
         FROM pushes WHERE id = $2",
    )
    .bind(id)
    .bind(from)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sends `from` again as the new push `id`, due at once, to those recipients that do not have it.
/// It is rendered anew, but for a test message: its data was made up. False when `from` is gone.
pub async fn insert_retry(
    connection: &mut AnyConnection,
    id: PushId,
    from: PushId,
    original: PushId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO pushes (id, event_id, repo_id, target_id, retry_of, scene, commit_id, commit_msg, state,
            attempts, run_at, only_to, most_attempts, form_id, template_id, title, body, choice, created_at)
         SELECT $1, event_id, repo_id, target_id, $3, scene, commit_id, commit_msg, 'pending', 0, $4, only_to, most_attempts, form_id,
            CASE WHEN most_attempts IS NOT NULL THEN template_id END,
            CASE WHEN most_attempts IS NOT NULL THEN title END,
            CASE WHEN most_attempts IS NOT NULL THEN body END, choice, $4
         FROM pushes WHERE id = $2",
    )
    .bind(id)
    .bind(from)
    .bind(original)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
