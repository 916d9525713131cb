//! SQL on `login_failures` and `login_networks`.

use super::{KNOWN_US, Limit, MOST_KNOWN, Source};
use push_notify_core::{clock::Micros, id::UserId};
use sqlx::{AnyConnection, AnyPool, Row as _};

/// The failures in a row under a name and a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failures {
    pub count: i64,
    pub last_at: Micros,
    pub locked_until: Option<Micros>,
}

pub(super) async fn failures(
    pool: &AnyPool,
    name: &str,
    network: &str,
) -> Result<Option<Failures>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT failures, last_at, locked_until FROM login_failures WHERE username = $1 AND network = $2",
    )
    .bind(name)
    .bind(network)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Failures {
            count: row.try_get("failures")?,
            last_at: row.try_get("last_at")?,
            locked_until: row.try_get("locked_until")?,
        })
    })
    .transpose()
}

/// Counts an attempt as failed; the one that reaches the limit sets the lock. None: it is locked,
/// and nothing was counted.
pub(super) async fn count(
    pool: &AnyPool,
    name: &str,
    network: &str,
    limit: &Limit,
    now: Micros,
) -> Result<Option<i64>, sqlx::Error> {
    let until = now.saturating_add(limit.lock_us);
    sqlx::query_scalar(
        "INSERT INTO login_failures (username, network, failures, last_at, locked_until) VALUES ($1, $2, 1, $3, $4)
         ON CONFLICT (username, network) DO UPDATE SET
            failures = CASE WHEN $7 = 1 AND login_failures.locked_until IS NOT NULL THEN 1
                ELSE login_failures.failures + 1 END,
            locked_until = CASE WHEN $7 = 1 AND login_failures.locked_until IS NOT NULL THEN $4
                WHEN login_failures.failures + 1 >= $5 THEN $6 END,
            last_at = $3
         WHERE login_failures.locked_until IS NULL OR login_failures.locked_until <= $3
         RETURNING failures",
    )
    .bind(name)
    .bind(network)
    .bind(now)
    .bind((limit.most <= 1).then_some(until))
    .bind(limit.most)
    .bind(until)
    .bind(i64::from(limit.starts_again))
    .fetch_optional(pool)
    .await
}

/// Drops the failures that are older.
pub(super) async fn forget(pool: &AnyPool, before: Micros) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM login_failures WHERE last_at < $1")
        .bind(before)
        .execute(pool)
        .await?;
    Ok(())
}

pub(super) async fn clear(
    connection: &mut AnyConnection,
    name: &str,
    network: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM login_failures WHERE username = $1 AND network = $2")
        .bind(name)
        .bind(network)
        .execute(connection)
        .await?;
    Ok(())
}

/// One that was counted was none.
pub(super) async fn take_back(
    connection: &mut AnyConnection,
    name: &str,
    network: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE login_failures SET failures = failures - 1, locked_until = NULL
         WHERE username = $1 AND network = $2 AND failures > 0",
    )
    .bind(name)
    .bind(network)
    .execute(connection)
    .await?;
    Ok(())
}

/// From wherever they came. `name` is a [`super::key`].
pub async fn clear_all(connection: &mut AnyConnection, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM login_failures WHERE username = $1")
        .bind(name)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the user of this name has logged in from there after `since`.
pub(super) async fn is_known(
    pool: &AnyPool,
    source: &Source,
    since: Micros,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "SELECT n.user_id FROM users u JOIN login_networks n ON n.user_id = u.id
         WHERE LOWER(u.username) = $1 AND u.deleted_at IS NULL AND n.network = $2 AND n.last_at > $3",
    )
    .bind(source.name.as_str())
    .bind(source.network.as_str())
    .bind(since)
    .fetch_optional(pool)
    .await?;
    Ok(row.is_some())
}

/// The user has logged in from there. What is too long ago goes, and what is too much.
pub async fn know(
    connection: &mut AnyConnection,
    user_id: UserId,
    source: &Source,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO login_networks (user_id, network, last_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, network) DO UPDATE SET last_at = excluded.last_at",
    )
    .bind(user_id)
    .bind(source.network.as_str())
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM login_networks WHERE user_id = $1 AND (last_at <= $2 OR network NOT IN (
            SELECT network FROM login_networks WHERE user_id = $1 ORDER BY last_at DESC LIMIT $3))",
    )
    .bind(user_id)
    .bind(now.saturating_sub(KNOWN_US))
    .bind(MOST_KNOWN)
    .execute(connection)
    .await?;
    Ok(())
}

/// Somebody else may have logged in from there.
pub async fn forget_networks(
    connection: &mut AnyConnection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM login_networks WHERE user_id = $1")
        .bind(user_id)
        .execute(connection)
        .await?;
    Ok(())
}
