//! Links in activation mails.

use crate::user::User;
use push_notify_core::{
    clock::{DAY_US, Micros},
    id::UserId,
};
use sqlx::{AnyConnection, AnyPool};

/// A registration that is not confirmed for so long ends: its name and address are free again.
const PENDING_US: Micros = 7 * DAY_US;

/// Ends the registrations that nobody has confirmed in time. Of whoever was named there nothing is
/// kept but the name.
pub async fn end_unconfirmed(
    connection: &mut AnyConnection,
    now: Micros,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET deleted_at = $1, updated_at = $1, email = '', password_hash = ''
         WHERE status = 'pending' AND deleted_at IS NULL AND created_at <= $2",
    )
    .bind(now)
    .bind(now - PENDING_US)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// The pending user with this address.
pub async fn find_pending(pool: &AnyPool, email: &str) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at
         FROM users WHERE email = $1 AND status = 'pending' AND deleted_at IS NULL",
    )
    .bind(email)
    .fetch_optional(pool)
    .await
}

/// Whether the user was sent a link after `since`.
pub async fn has_recent_activation(
    pool: &AnyPool,
    user_id: UserId,
    since: Micros,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT user_id FROM activations WHERE user_id = $1 AND created_at > $2 LIMIT 1",
    )
    .bind(user_id)
    .bind(since)
    .fetch_optional(pool)
    .await?;
    Ok(row.is_some())
}

/// Also drops the links that are over, whosever they are.
pub async fn insert_activation(
    connection: &mut AnyConnection,
    token_digest: &str,
    user_id: UserId,
    now: Micros,
    expires_at: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM activations WHERE expires_at <= $1")
        .bind(now)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO activations (token_digest, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(token_digest)
    .bind(user_id)
    .bind(now)
    .bind(expires_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// The pending user of a link that is good.
pub async fn find_by_link(
    pool: &AnyPool,
    token_digest: &str,
    now: Micros,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at
         FROM users WHERE status = 'pending' AND deleted_at IS NULL
            AND id = (SELECT user_id FROM activations WHERE token_digest = $1 AND expires_at > $2)",
    )
    .bind(token_digest)
    .bind(now)
    .fetch_optional(pool)
    .await
}

/// Makes the pending user of a link active and uses up all links of theirs. None when the link is
/// not, or no longer, good.
pub async fn activate(
    connection: &mut AnyConnection,
    token_digest: &str,
    now: Micros,
) -> Result<Option<User>, sqlx::Error> {
    let user: Option<User> = sqlx::query_as(
        "UPDATE users SET status = 'active', updated_at = $2
         WHERE status = 'pending' AND deleted_at IS NULL
            AND id = (SELECT user_id FROM activations WHERE token_digest = $1 AND expires_at > $2)
         RETURNING id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at",
    )
    .bind(token_digest)
    .bind(now)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(user) = &user {
        sqlx::query("DELETE FROM activations WHERE user_id = $1")
            .bind(user.id)
            .execute(connection)
            .await?;
    }
    Ok(user)
}
