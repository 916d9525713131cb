//! The only place that reads the wall clock. Everything else is handed a [`Clock`], so that tests can step time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::Instant;

/// Wall time in microseconds since 1970 UTC, plus what a test has added.
#[derive(Clone, Default)]
pub struct Clock {
    ahead_us: Arc<AtomicI64>,
}

/// A point in time: microseconds since 1970 UTC.
pub type Micros = i64;

pub const MINUTE_US: Micros = 60_000_000;
pub const DAY_US: Micros = 24 * 60 * MINUTE_US;

impl Clock {
    pub fn now_us(&self) -> Micros {
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        since_epoch.as_micros() as i64 + self.ahead_us.load(Ordering::Relaxed)
    }

    pub fn now_ms(&self) -> i64 {
        self.now_us() / 1000
    }

    /// For waits: never steps back with the wall clock, and steps ahead with a test.
    pub fn instant(&self) -> Instant {
        let ahead_us = self.ahead_us.load(Ordering::Relaxed);
        Instant::now() + Duration::from_micros(u64::try_from(ahead_us).unwrap_or_default())
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
