//! Moves SQLite's write-ahead log into the database file away from the committing connection, which would otherwise pay for it
//! in the middle of a request.
//!
//! A log that is moved in full is written again from its start: then commits overwrite a file of constant size, and a flush of
//! data alone is enough.

use sqlx::{AnyConnection, Connection as _, Row as _};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{sync::Notify, time::sleep};
use tokio_util::sync::CancellationToken;

/// The log is worth moving from this size on: 1000 pages of 4 KiB and their heads.
const WORTH_IT_BYTES: u64 = 4_120_000;
/// At most this often while somebody writes.
const EVERY: Duration = Duration::from_secs(1);
/// Only the committer says when it has written; what others write is much less.
const WITHOUT_A_WORD: Duration = Duration::from_secs(10);

/// Runs until `stop`. `wal` is the log's path: its size and time tell whether there is something to move.
pub(super) async fn run(url: String, wal: PathBuf, written: Arc<Notify>, stop: CancellationToken) {
    let mut moved_at = SystemTime::UNIX_EPOCH;
    loop {
        let word = tokio::time::timeout(WITHOUT_A_WORD, written.notified());
        if stop.run_until_cancelled(word).await.is_none() {
            return;
        }
        if stop.run_until_cancelled(sleep(EVERY)).await.is_none() {
            return;
        }
        let Ok(file) = std::fs::metadata(&wal) else {
            continue;
        };
        let written_at = file.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        if file.len() < WORTH_IT_BYTES || written_at == moved_at {
            continue;
        }
        moved_at = written_at;
        if let Err(error) = checkpoint(&url).await {
            tracing::warn!(%error, "cannot move the write-ahead log");
        }
    }
}

/// Twice: first without being in anybody's way; then the little that was written meanwhile, for which writers wait. A reader
/// that is still in the log is waited for only briefly, since writers would wait with us.
async fn checkpoint(url: &str) -> Result<(), sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    sqlx::raw_sql("PRAGMA busy_timeout = 20; PRAGMA synchronous = FULL;")
        .execute(&mut connection)
        .await?;
    for step in [
        "PRAGMA wal_checkpoint(PASSIVE)",
        "PRAGMA wal_checkpoint(RESTART)",
    ] {
        let row = sqlx::query(step).fetch_one(&mut connection).await?;
        let (pages, moved): (i64, i64) = (row.get(1), row.get(2));
        tracing::debug!(pages, moved, step, "moved the write-ahead log");
    }
    connection.close().await
}
