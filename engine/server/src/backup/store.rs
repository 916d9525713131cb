//! SQL on whole databases.

use crate::push::{self, state::waiting};
use push_notify_core::{clock::Micros, id::UserId};
use push_notify_db::{Attached, DbError};
use sqlx::{AssertSqlSafe, Row as _};
use std::{collections::BTreeMap, path::Path};

/// Of these a manifest has the counts.
const COUNTED: [&str; 7] = [
    "users", "repos", "targets", "events", "pushes", "reviews", "models",
];

/// What was put on hold.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct WaitingWork {
    pub pushes: u64,
    pub reviews: u64,
}

/// Copies the database as it is now into `file`, which is empty or not there. Readers and writers
/// go on meanwhile; the write-ahead log grows by what they write.
pub(super) async fn copy_into(source: &mut Attached, file: &Path) -> Result<(), sqlx::Error> {
    // SQLite takes `file:...` for a URL; a whole path is none.
    let path = std::path::absolute(file)?;
    let path = path.to_str().ok_or_else(|| {
        let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, "its path is not UTF-8");
        sqlx::Error::Io(error)
    })?;
    sqlx::query("VACUUM INTO $1")
        .bind(path)
        .execute(source.connection())
        .await?;
    Ok(())
}

/// About what a copy will have, in bytes: without the pages that are free.
pub(super) async fn bytes(database: &mut Attached) -> Result<u64, sqlx::Error> {
    let connection = database.connection();
    let mut numbers = [0_i64; 3];
    let pragmas = [
        "PRAGMA page_count",
        "PRAGMA freelist_count",
        "PRAGMA page_size",
    ];
    for (number, pragma) in numbers.iter_mut().zip(pragmas) {
        *number = sqlx::query_scalar(pragma)
            .fetch_one(&mut *connection)
            .await?;
    }
    let [pages, free, size] = numbers;
    Ok(u64::try_from((pages - free) * size).unwrap_or_default())
}

pub(super) async fn rows(database: &mut Attached) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let mut rows = BTreeMap::new();
    for table in COUNTED {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let count = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(database.connection())
            .await?;
        rows.insert(table.to_owned(), count);
    }
    Ok(rows)
}

/// What SQLite finds wrong with the file. None: it is sound.
pub(super) async fn fault(database: &mut Attached) -> Result<Option<String>, DbError> {
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(database.connection())
        .await
        .map_err(DbError::Open)?;
    Ok((found != "ok").then_some(found))
}

/// Makes dead letters of what waits, to be sent by hand, and ends the reviews that are under way.
pub(super) async fn hold(
    database: &mut Attached,
    reason: &str,
    now: Micros,
) -> Result<WaitingWork, sqlx::Error> {
    let connection = database.connection();
    let pushes = push::store::fail_waiting(&mut *connection, reason).await?;
    let asked = sqlx::query(
        "UPDATE reviews SET state = 'failed', reason = $1, completed_at = $2, step = NULL, lease = NULL WHERE step = 'review'",
    )
    .bind(reason)
    .bind(now)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    let shown = sqlx::query(
        "UPDATE reviews SET publication = 'failed', publication_reason = $1, step = NULL, lease = NULL WHERE step = 'publish'",
    )
    .bind(reason)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    Ok(WaitingWork {
        pushes,
        reviews: asked + shown,
    })
}

/// Pushes and reviews that wait.
pub(super) async fn waiting(database: &mut Attached) -> Result<WaitingWork, sqlx::Error> {
    let mut counts = [0_i64; 2];
    let statements = [
        concat!("SELECT COUNT(*) FROM push_queue WHERE ", waiting!()),
        "SELECT COUNT(*) FROM reviews WHERE step IS NOT NULL",
    ];
    for (count, sql) in counts.iter_mut().zip(statements) {
        *count = sqlx::query_scalar(sql)
            .fetch_one(database.connection())
            .await?;
    }
    let [pushes, reviews] = counts.map(|count| u64::try_from(count).unwrap_or_default());
    Ok(WaitingWork { pushes, reviews })
}

/// A user, as far as it decides who may do what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub id: UserId,
    pub username: String,
    pub role: String,
    pub status: String,
    pub password_hash: String,
    pub deleted: bool,
}

/// All of them, by their ids.
pub(super) async fn accounts(database: &mut Attached) -> Result<Vec<Account>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, username, role, status, password_hash, deleted_at FROM users ORDER BY id",
    )
    .fetch_all(database.connection())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Account {
                id: row.try_get("id")?,
                username: row.try_get("username")?,
                role: row.try_get("role")?,
                status: row.try_get("status")?,
                password_hash: row.try_get("password_hash")?,
                deleted: row.try_get::<Option<i64>, _>("deleted_at")?.is_some(),
            })
        })
        .collect()
}

/// Keys that are good.
pub(super) async fn live_keys(database: &mut Attached, now: Micros) -> Result<u64, sqlx::Error> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)",
    )
    .bind(now)
    .fetch_one(database.connection())
    .await?;
    Ok(count.unsigned_abs())
}
