//! SQL on the settings in `users`.

use push_notify_core::{clock::Micros, id::UserId};
use sqlx::{AnyConnection, AnyPool, Row as _};

/// JSON. None: the defaults.
pub async fn find(pool: &AnyPool, user_id: UserId) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("SELECT settings FROM users WHERE id = $1 AND deleted_at IS NULL")
        .bind(user_id)
        .fetch_optional(pool)
        .await?;
    row.map_or(Ok(None), |row| row.try_get(0))
}

/// False when they are no longer `before`, or the user has gone.
pub async fn replace(
    connection: &mut AnyConnection,
    user_id: UserId,
    before: Option<&str>,
    after: &str,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET settings = $3, updated_at = $4
         WHERE id = $1 AND COALESCE(settings, '') = $2 AND deleted_at IS NULL",
    )
    .bind(user_id)
    .bind(before.unwrap_or_default())
    .bind(after)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
