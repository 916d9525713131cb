//! Moves SQLite's write-ahead log into the database file away from the committing connection, which would otherwise pay for it
//! in the middle of a request.

use sqlx::{AnyPool, Row as _};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The log is worth moving from this size on, in pages of 4 KiB.
const WORTH_IT_PAGES: i64 = 1000;
const EVERY: Duration = Duration::from_secs(1);

/// Runs until `stop`. `wal` is the log's path: an idle server only looks at its size.
pub(super) async fn run(pool: AnyPool, wal: std::path::PathBuf, stop: CancellationToken) {
    let mut moved_at_bytes = 0;
    while tokio::time::timeout(EVERY, stop.cancelled()).await.is_err() {
        let bytes = std::fs::metadata(&wal).map_or(0, |file| file.len());
        if bytes < WORTH_IT_PAGES as u64 * 4096 || bytes == moved_at_bytes {
            continue;
        }
        let row = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .fetch_one(&pool)
            .await;
        match row {
            Ok(row) => {
                let (log, moved): (i64, i64) = (row.get(1), row.get(2));
                tracing::debug!(pages = log, moved, "moved the write-ahead log");
                moved_at_bytes = bytes;
            }
            Err(error) => tracing::warn!(%error, "cannot move the write-ahead log"),
        }
    }
}
