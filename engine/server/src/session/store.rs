//! SQL on `sessions`.

use crate::{clock::Micros, user::User};
use sqlx::{AnyConnection, AnyPool};

pub struct Session<'a> {
    pub id: &'a str,
    pub user_id: i64,
    /// Of the newest refresh token.
    pub token_digest: &'a str,
    pub created_at: Micros,
    pub expires_at: Micros,
}

/// The user of a session that is neither revoked nor over.
pub async fn find_user(pool: &AnyPool, id: &str, now: Micros) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT u.id, u.username, u.email, u.role, u.status, u.last_login_at, u.created_at
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

/// Puts `newer` in the place of `older`. False when `older` is not the newest token of a live session.
pub async fn rotate(
    pool: &AnyPool,
    id: &str,
    older: &str,
    newer: &str,
    expires_at: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE sessions SET token_digest = $3, expires_at = $4
         WHERE id = $1 AND token_digest = $2 AND revoked_at IS NULL",
    )
    .bind(id)
    .bind(older)
    .bind(newer)
    .bind(expires_at)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// True when it was not revoked before.
pub async fn revoke(pool: &AnyPool, id: &str, now: Micros) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(pool)
            .await?;
    Ok(done.rows_affected() == 1)
}
