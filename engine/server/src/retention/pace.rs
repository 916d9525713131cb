//! How much a transaction of retention takes on, so that nobody else who writes notices.

use std::time::Duration;

/// SQLite has one writer: whoever comes while a transaction runs waits for its end.
const AIM: Duration = Duration::from_millis(8);
/// The others have the database for this many times as long as we had it.
const YIELD: u32 = 4;
const LEAST_PAUSE: Duration = Duration::from_millis(5);
/// With fewer a transaction is hardly shorter: what takes time then is to get it onto the disk.
const LEAST: usize = 32;
pub(super) const MOST: usize = 512;

/// Grows and shrinks with what the last transaction took.
pub(super) struct Pace {
    rows: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rows: LEAST * 2 }
    }
}

impl Pace {
    /// Rows of the next transaction.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// How long to leave the database to others after a transaction that took `took`.
    pub(super) fn pause_after(&mut self, took: Duration) -> Duration {
        if took > AIM * 2 {
            self.rows = (self.rows / 2).max(LEAST);
        } else if took < AIM / 2 {
            self.rows = (self.rows * 2).min(MOST);
        }
        (took * YIELD).max(LEAST_PAUSE)
    }
}

#[cfg(test)]
mod tests;
