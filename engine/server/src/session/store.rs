//! SQL on `sessions`.

use crate::user::User;
use push_notify_core::{clock::Micros, id::UserId};
use sqlx::{AnyConnection, AnyPool};

pub struct Session<'a> {
    pub id: &'a str,
    pub user_id: UserId,
    /// Of the newest refresh token.
    pub token_digest: &'a str,
    pub created_at: Micros,
    pub expires_at: Micros,
}

/// The user of a session that is neither revoked nor over.
pub async fn find_user(pool: &AnyPool, id: &str, now: Micros) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT u.id, u.username, u.email, u.role, u.status, u.must_change_password, u.confirmed, u.last_login_at, u.created_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.deleted_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(pool)
    .await
}

/// Also drops the user's sessions that are over.
pub async fn insert(
    connection: &mut AnyConnection,
    session: &Session<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND expires_at <= $2")
        .bind(session.user_id)
        .bind(session.created_at)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO sessions (id, user_id, token_digest, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(session.id)
    .bind(session.user_id)
    .bind(session.token_digest)
    .bind(session.created_at)
    .bind(session.expires_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts `newer` in the place of `older`. False when `older` is not the newest token of a live
/// session.
pub async fn rotate(
    pool: &AnyPool,
    id: &str,
    older: &str,
    newer: &str,
    now: Micros,
    expires_at: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE sessions SET token_digest = $3, previous_digest = $2, rotated_at = $4, expires_at = $5
         WHERE id = $1 AND token_digest = $2 AND revoked_at IS NULL",
    )
    .bind(id)
    .bind(older)
    .bind(newer)
    .bind(now)
    .bind(expires_at)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether `digest` was the newest token of a live session until some time after `since`.
pub async fn was_newest(
    pool: &AnyPool,
    id: &str,
    digest: &str,
    since: Micros,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM sessions
         WHERE id = $1 AND previous_digest = $2 AND rotated_at > $3 AND revoked_at IS NULL",
    )
    .bind(id)
    .bind(digest)
    .bind(since)
    .fetch_optional(pool)
    .await?;
    Ok(row.is_some())
}

/// True when it was not revoked before.
pub async fn revoke(
    connection: &mut AnyConnection,
    id: &str,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of a user but `kept`.
pub async fn revoke_all(
    connection: &mut AnyConnection,
    user_id: UserId,
    kept: Option<&str>,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL",
    )
    .bind(user_id)
    .bind(kept.unwrap_or_default())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends the sessions of everybody. Returns how many there were.
pub async fn revoke_everybodys(
    connection: &mut AnyConnection,
    now: Micros,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE sessions SET revoked_at = $1 WHERE revoked_at IS NULL AND expires_at > $1",
    )
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
