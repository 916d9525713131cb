//! What somebody does with an account of their own.

use crate::user::{Role, Status, User};
use push_notify_core::{clock::Micros, id::UserId};
use sqlx::{AnyConnection, AnyPool, FromRow, Row as _, any::AnyRow};

/// A user with what a login needs.
pub struct Account {
    pub user: User,
    pub password_hash: String,
}

impl FromRow<'_, AnyRow> for User {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            username: row.try_get("username")?,
            email: row.try_get("email")?,
            role: Role::from_stored(&row.try_get::<String, _>("role")?),
            status: Status::from_stored(&row.try_get::<String, _>("status")?),
            must_change_password: row.try_get::<i64, _>("must_change_password")? != 0,
            confirmed: row.try_get::<i64, _>("confirmed")? != 0,
            last_login_at: row.try_get("last_login_at")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

impl FromRow<'_, AnyRow> for Account {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            user: User::from_row(row)?,
            password_hash: row.try_get("password_hash")?,
        })
    }
}

/// By name, in whatever case.
pub async fn find_account(pool: &AnyPool, username: &str) -> Result<Option<Account>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at, password_hash
         FROM users WHERE LOWER(username) = LOWER($1) AND deleted_at IS NULL",
    )
    .bind(username)
    .fetch_optional(pool)
    .await
}

/// Whether there is or was any user.
pub async fn any(pool: &AnyPool) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM users LIMIT 1")
        .fetch_optional(pool)
        .await?;
    Ok(row.is_some())
}

/// False when the name or address is taken.
pub async fn insert(
    connection: &mut AnyConnection,
    user: &User,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO users (id, username, email, password_hash, role, status, must_change_password, confirmed,
            created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING",
    )
    .bind(user.id)
    .bind(user.username.as_str())
    .bind(user.email.as_str())
    .bind(password_hash)
    .bind(user.role.name())
    .bind(user.status.name())
    .bind(i64::from(user.must_change_password))
    .bind(i64::from(user.confirmed))
    .bind(user.created_at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether somebody has this name, in whatever case.
pub async fn is_name_taken(
    connection: &mut AnyConnection,
    username: &str,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id FROM users WHERE LOWER(username) = LOWER($1) AND deleted_at IS NULL",
    )
    .bind(username)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// False when the password is another by now, or the user may no longer log in. The user stays as
/// they are until the transaction ends, so that a session that begins in it is seen by whoever ends
/// all sessions.
pub async fn logged_in(
    connection: &mut AnyConnection,
    account: &Account,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET last_login_at = $3
         WHERE id = $1 AND password_hash = $2 AND status = 'active' AND deleted_at IS NULL",
    )
    .bind(account.user.id)
    .bind(account.password_hash.as_str())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a password in the place of the account's. False when that is another by now, or the user
/// may no longer log in.
pub async fn replace_password(
    connection: &mut AnyConnection,
    account: &Account,
    password_hash: &str,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET password_hash = $3, must_change_password = 0, updated_at = $4
         WHERE id = $1 AND password_hash = $2 AND status = 'active' AND deleted_at IS NULL",
    )
    .bind(account.user.id)
    .bind(account.password_hash.as_str())
    .bind(password_hash)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A temporary one, to be changed before anything else. False when there is no such user.
pub async fn reset_password(
    connection: &mut AnyConnection,
    id: UserId,
    password_hash: &str,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET password_hash = $2, must_change_password = 1, updated_at = $3
         WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(password_hash)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
