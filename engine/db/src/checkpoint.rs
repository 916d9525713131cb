//! Moves SQLite's write-ahead log into the database file away from the committing connection, which
//! would otherwise pay for it in the middle of a request.
//!
//! A log that is moved in full is written again from its start: then commits overwrite a file of
//! constant size, and a flush of data alone is enough. The next one who writes does that where
//! nobody wrote while the last pages were moved. Under load somebody always has, and writers must
//! be held for a moment. So that it is a short one, little is left to move by then, and what was
//! moved is on disk already: SQLite flushes the database file only at that moment, and all writers
//! would wait for it.

use rusqlite::{Connection, OpenFlags};
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{
    sync::Notify,
    task::spawn_blocking,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

/// The log is worth moving from this size on: 1000 pages of 4 KiB and their heads.
const WORTH_IT_BYTES: u64 = 4_120_000;
const WORTH_IT_PAGES: i64 = 1000;
/// At most this often while somebody writes.
const EVERY: Duration = Duration::from_secs(1);
/// And while much is written: many small flushes are in the way of commits less than a large one.
const EVERY_UNDER_LOAD: Duration = Duration::from_millis(300);
/// Only the committer says when it has written; what others write is much less.
const WITHOUT_A_WORD: Duration = Duration::from_secs(10);
/// A log of more pages is written again from its start, and writers wait for that: 32 MiB.
const MOST_PAGES: i64 = 8192;
/// How long it is waited for writers, and then, while writers wait, for readers. The longer the
/// log, the longer.
const LOCK_TIMEOUT: Duration = Duration::from_millis(20);
const LONGEST_LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// The database's files.
#[derive(Clone)]
pub(super) struct Files {
    database: PathBuf,
    log: PathBuf,
    /// To flush it. When a process closes a file, its locks on it are gone, SQLite's too: so this
    /// is kept as long as the database is used.
    flushed: Arc<File>,
}

impl Files {
    pub(super) fn open(database: &Path) -> std::io::Result<Self> {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self {
            database: database.to_owned(),
            log: log.into(),
            flushed: Arc::new(File::options().read(true).write(true).open(database)?),
        })
    }
}

/// Runs until `stop`. The log's size and time tell whether there is something to move.
pub(super) async fn run(files: Files, written: Arc<Notify>, stop: CancellationToken) {
    let mut moved_at = SystemTime::UNIX_EPOCH;
    let mut before = Log::default();
    let mut every = EVERY;
    loop {
        let word = tokio::time::timeout(WITHOUT_A_WORD, written.notified());
        if stop.run_until_cancelled(word).await.is_none() {
            return;
        }
        if stop.run_until_cancelled(sleep(every)).await.is_none() {
            return;
        }
        every = EVERY;
        let Ok(file) = std::fs::metadata(&files.log) else {
            continue;
        };
        let written_at = file.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        if file.len() < WORTH_IT_BYTES || written_at == moved_at {
            continue;
        }
        moved_at = written_at;
        let started = Instant::now();
        let of_this_pass = files.clone();
        match spawn_blocking(move || pass(&of_this_pass)).await {
            Ok(Ok(log)) => {
                let ms = started.elapsed().as_millis() as u64;
                tracing::debug!(
                    pages = log.pages,
                    moved = log.moved,
                    duration_ms = ms,
                    "moved the write-ahead log"
                );
                // It was written again from its start when it has become shorter.
                let fresh = match log.pages < before.pages {
                    true => log.pages,
                    false => log.pages - before.pages,
                };
                if fresh >= WORTH_IT_PAGES {
                    every = EVERY_UNDER_LOAD;
                }
                before = log;
            }
            Ok(Err(error)) => tracing::warn!(%error, "cannot move the write-ahead log"),
            Err(error) => tracing::error!(%error, "cannot move the write-ahead log"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database file cannot be flushed: {0}")]
    Flush(#[from] std::io::Error),
}

/// What the log held at the end of a pass, in pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Log {
    pages: i64,
    /// Of these, those that are in the database file.
    moved: i64,
}

impl Log {
    /// Whoever writes next begins at its start.
    fn is_moved(self) -> bool {
        self.moved == self.pages
    }
}

/// Nobody waits for it unless the log has become too long.
fn pass(files: &Files) -> Result<Log, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&files.database, flags)?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    let mut log = checkpoint(&connection, "PASSIVE")?;
    files.flushed.sync_data()?;
    if log.pages > MOST_PAGES && !log.is_moved() {
        log = checkpoint(&connection, "PASSIVE")?;
        files.flushed.sync_data()?;
    }
    if log.pages > MOST_PAGES && !log.is_moved() {
        let times = u32::try_from(log.pages / MOST_PAGES).unwrap_or(u32::MAX);
        connection.busy_timeout(LOCK_TIMEOUT.saturating_mul(times).min(LONGEST_LOCK_TIMEOUT))?;
        log = checkpoint(&connection, "RESTART")?;
    }
    Ok(log)
}

fn checkpoint(connection: &Connection, how: &str) -> rusqlite::Result<Log> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |row| {
        Ok(Log {
            pages: row.get(1)?,
            moved: row.get(2)?,
        })
    })
}

#[cfg(test)]
mod tests;
