//! Who holds leases. A server has a number among those that share a database, and what shows that it lives goes with the
//! process, however that ends: so a lease whose number nobody holds is a dead server's.
//!
//! SQLite has one server, and a lock file. On PostgreSQL a number is an advisory lock of a connection that is kept for it.

use super::DbError;
use fs4::fs_std::FileExt as _;
use sqlx::{AnyConnection, Connection as _};
use std::{
    fs::{File, OpenOptions},
    path::Path,
};

/// At most so many servers share a database.
pub const NODES: i64 = 1024;

/// Keeps our locks apart from those of other programs on the same PostgreSQL: "push" in ASCII.
const LOCK_SPACE: i64 = 0x7075_7368 << 16;

/// Held while the server runs.
pub(super) enum Ownership {
    File(#[expect(dead_code, reason = "the lock goes with it")] File),
    Session(#[expect(dead_code, reason = "the lock goes with it")] AnyConnection),
}

pub(super) fn own_file(database: &Path) -> Result<Ownership, DbError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(DbError::File)?;
    match file.try_lock_exclusive() {
        Ok(true) => Ok(Ownership::File(file)),
        _ => Err(DbError::InUse(database.display().to_string())),
    }
}

/// Takes the lowest number that nobody holds.
pub(super) async fn take_number(url: &str) -> Result<(Ownership, i64), sqlx::Error> {
    let mut session = AnyConnection::connect(url).await?;
    for number in 0..NODES {
        if try_lock(&mut session, number).await? {
            return Ok((Ownership::Session(session), number));
        }
    }
    Err(sqlx::Error::Protocol(format!(
        "{NODES} servers use this database"
    )))
}

/// Whether no living server has this number.
pub(super) async fn is_free(
    connection: &mut AnyConnection,
    number: i64,
) -> Result<bool, sqlx::Error> {
    let free = try_lock(connection, number).await?;
    if free {
        sqlx::query("SELECT pg_advisory_unlock($1)")
            .bind(LOCK_SPACE + number)
            .execute(connection)
            .await?;
    }
    Ok(free)
}

async fn try_lock(connection: &mut AnyConnection, number: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
        .bind(LOCK_SPACE + number)
        .fetch_one(connection)
        .await
}
