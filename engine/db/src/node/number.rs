//! The number of this server.

use parking_lot::{Mutex, MutexGuard};
use std::time::Duration;
use tokio::time::Instant;

/// At most so many servers share a database.
pub const NODES: i64 = 1024;

/// So long after it was last seen to be ours a number counts as ours. Then it is given up: others
/// may take its work over [`super::dead::GRACE`] after it got free, and nobody sends what another
/// may be sending.
pub(super) const SURE: Duration = Duration::from_secs(8);

/// The number under which this server takes leases.
pub struct Number(Mutex<HeldNumber>);

#[derive(Clone, Copy)]
struct HeldNumber {
    number: i64,
    /// None: for ever.
    until: Option<Instant>,
}

impl Number {
    /// Of the one server that owns the database file.
    pub fn of_file() -> Self {
        Self(Mutex::new(HeldNumber {
            number: 0,
            until: None,
        }))
    }

    /// `seen` is when it was ours.
    pub(super) fn of_session(number: i64, seen: Instant) -> Self {
        Self(Mutex::new(HeldNumber {
            number,
            until: Some(seen + SURE),
        }))
    }

    pub fn get(&self) -> i64 {
        self.held().number
    }

    /// Whether it is known to be ours. If not, take nothing under it and send nothing that was
    /// taken.
    pub fn is_sure(&self) -> bool {
        self.held().is_sure()
    }

    /// Whether what was taken under `number` is still ours.
    pub fn holds(&self, number: i64) -> bool {
        let held = self.held();
        held.number == number && held.is_sure()
    }

    pub(super) fn seen(&self, number: i64, seen: Instant) {
        *self.held() = HeldNumber {
            number,
            until: Some(seen + SURE),
        };
    }

    fn held(&self) -> MutexGuard<'_, HeldNumber> {
        self.0.lock()
    }
}

impl HeldNumber {
    fn is_sure(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }
}

#[cfg(test)]
mod tests;
