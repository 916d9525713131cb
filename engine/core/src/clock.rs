//! The only place that reads the wall clock. Everything else is handed a [`Clock`], so that tests
//! can step time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::Instant;

/// Wall time in microseconds since 1970 UTC, by the database's clock where several servers share
/// one, plus what a test has added.
#[derive(Clone, Default)]
pub struct Clock {
    ahead_us: Arc<AtomicI64>,
    /// How far this machine's clock is behind the one that counts.
    behind_us: Arc<AtomicI64>,
    /// Of a test: how wrong this machine's clock is.
    wrong_us: Micros,
}

/// A point in time: microseconds since 1970 UTC.
pub type Micros = i64;

pub const MINUTE_US: Micros = 60_000_000;
pub const HOUR_US: Micros = 60 * MINUTE_US;
pub const DAY_US: Micros = 24 * 60 * MINUTE_US;

impl Clock {
    pub fn now_us(&self) -> Micros {
        self.machine_us()
            + self.behind_us.load(Ordering::Relaxed)
            + self.ahead_us.load(Ordering::Relaxed)
    }

    /// What this machine's own clock says.
    pub fn machine_us(&self) -> Micros {
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        since_epoch.as_micros() as i64 + self.wrong_us
    }

    /// The machine's clock is that far behind the one that counts. Returns what was known before.
    pub fn correct(&self, behind_us: Micros) -> Micros {
        self.behind_us.swap(behind_us, Ordering::Relaxed)
    }

    pub fn now_ms(&self) -> i64 {
        self.now_us() / 1000
    }

    /// For waits: never steps back with the wall clock, and steps ahead with a test.
    pub fn instant(&self) -> Instant {
        let ahead_us = self.ahead_us.load(Ordering::Relaxed);
        Instant::now() + Duration::from_micros(u64::try_from(ahead_us).unwrap_or_default())
    }

    /// For tests: as if this machine's clock were ahead by `wrong_us`.
    pub fn wrong_by(wrong_us: Micros) -> Self {
        Self {
            wrong_us,
            ..Self::default()
        }
    }

    /// For tests: lets time pass at once.
    pub fn advance(&self, by: Duration) {
        self.ahead_us
            .fetch_add(by.as_micros() as i64, Ordering::Relaxed);
    }
}

/// `2026-01-19T14:30:00Z`; with a fraction only where there is one.
pub fn rfc3339(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at / 1000 * 1000)
        .map(|at| at.to_string())
        .unwrap_or_default()
}
