//! SQL on `users`.

use super::{Role, Status, User};
use crate::clock::Micros;
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
            last_login_at: row.try_get("last_login_at")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

pub async fn find_account(pool: &AnyPool, username: &str) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, username, email, role, status, last_login_at, created_at, password_hash
         FROM users WHERE username = $1 AND deleted_at IS NULL",
    )
    .bind(username)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Account {
            user: User::from_row(&row)?,
            password_hash: row.try_get("password_hash")?,
        })
    })
    .transpose()
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
        "INSERT INTO users (id, username, email, password_hash, role, status, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING",
    )
    .bind(user.id)
    .bind(user.username.as_str())
    .bind(user.email.as_str())
    .bind(password_hash)
    .bind(user.role.name())
    .bind(user.status.name())
    .bind(user.created_at)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn logged_in(
    connection: &mut AnyConnection,
    id: i64,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET last_login_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}
