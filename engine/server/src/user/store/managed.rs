//! What administrators do with accounts.

use crate::user::User;
use push_notify_core::{clock::Micros, id::UserId};
use push_notify_db::{
    Dialect,
    list::{Filter, Listing},
    page::{Page, Total},
};
use sqlx::{AnyConnection, AnyPool, FromRow as _};

const LISTING: Listing = Listing {
    table: "users",
    key: "id",
    columns: "id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at",
    joins: "",
};

/// One page, and how many there are in all.
pub async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
) -> Result<(Vec<User>, Total), sqlx::Error> {
    let filter = filter.always("deleted_at IS NULL");
    filter
        .page(pool, &LISTING, page, |row| User::from_row(row))
        .await
}

pub async fn find(pool: &AnyPool, id: UserId) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at
         FROM users WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// By name, in whatever case.
pub async fn find_named(
    connection: &mut AnyConnection,
    name: &str,
) -> Result<Option<User>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at
         FROM users WHERE LOWER(username) = LOWER($1) AND deleted_at IS NULL",
    )
    .bind(name)
    .fetch_optional(connection)
    .await
}

/// In whatever state.
pub async fn admin_names(connection: &mut AnyConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT username FROM users WHERE role = 'admin' AND deleted_at IS NULL ORDER BY id",
    )
    .fetch_all(connection)
    .await
}

/// The ids of the administrators who can log in. Until the transaction ends nobody else gets past
/// this: two administrators must not remove one another at the same time.
pub async fn lock_active_admins(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<Vec<UserId>, sqlx::Error> {
    let sql = match dialect {
        // There is one writer.
        Dialect::Sqlite => {
            "SELECT id FROM users WHERE role = 'admin' AND status = 'active' AND deleted_at IS NULL"
        }
        Dialect::Postgres => {
            "SELECT id FROM users WHERE role = 'admin' AND status = 'active' AND deleted_at IS NULL
             ORDER BY id FOR UPDATE"
        }
    };
    sqlx::query_scalar(sql).fetch_all(connection).await
}

/// The user as of this transaction, which nobody else changes until it ends.
pub async fn lock(
    connection: &mut AnyConnection,
    dialect: Dialect,
    id: UserId,
) -> Result<Option<User>, sqlx::Error> {
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at
             FROM users WHERE id = $1 AND deleted_at IS NULL"
        }
        Dialect::Postgres => {
            "SELECT id, username, email, role, status, must_change_password, confirmed, last_login_at, created_at
             FROM users WHERE id = $1 AND deleted_at IS NULL FOR UPDATE"
        }
    };
    sqlx::query_as(sql)
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Fails with a unique violation when the address is taken.
pub async fn update(
    connection: &mut AnyConnection,
    user: &User,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE users SET email = $2, role = $3, status = $4, confirmed = $5, updated_at = $6 WHERE id = $1",
    )
    .bind(user.id)
    .bind(user.email.as_str())
    .bind(user.role.name())
    .bind(user.status.name())
    .bind(i64::from(user.confirmed))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the user as deleted: name and address are free again.
pub async fn delete(
    connection: &mut AnyConnection,
    id: UserId,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET deleted_at = $2, updated_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM activations WHERE user_id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}
