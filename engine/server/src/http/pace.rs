//! How slowly a body may come, and an answer be read.

use push_notify_core::config;
use std::time::Duration;
use tokio::time::Instant;

/// Whoever is slower is cut off.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// For a whole body.
    pub whole: Duration,
    /// This long it may be slower.
    pub grace: Duration,
    /// In bytes a second, more than 0.
    pub least: u64,
}

impl Pace {
    pub fn new(settings: &config::Connections) -> Self {
        Self {
            whole: Duration::from_secs(settings.body_seconds),
            grace: Duration::from_secs(settings.grace_seconds),
            least: settings.least_bytes_per_second.max(1),
        }
    }

    /// The same with less time for a whole body.
    pub fn within(self, most: Duration) -> Self {
        Self {
            whole: self.whole.min(most),
            ..self
        }
    }

    pub fn time_for(self, bytes: u64) -> Duration {
        Duration::from_millis(bytes.saturating_mul(1000) / self.least)
    }
}

/// When somebody does not take what is written to him: until when he has to take more.
pub struct Stall {
    pace: Pace,
    deadline: Instant,
    /// The last time that he took some.
    moved: Instant,
}

/// After so long without a word it is another stall.
const APART: Duration = Duration::from_secs(1);

impl Stall {
    pub fn new(pace: Pace, now: Instant) -> Self {
        Self {
            pace,
            deadline: now + pace.grace,
            moved: now,
        }
    }

    /// Some was taken. `at_rest`: so was all before it.
    pub fn moved(&mut self, bytes: usize, at_rest: bool, now: Instant) {
        self.begin_anew(at_rest, now);
        self.moved = now;
        let later = self.deadline + self.pace.time_for(bytes as u64);
        self.deadline = later.min(now + self.pace.grace);
    }

    /// Nothing more is taken now: until when it has to be.
    pub fn deadline(&mut self, at_rest: bool, now: Instant) -> Instant {
        self.begin_anew(at_rest, now);
        self.deadline
    }

    fn begin_anew(&mut self, at_rest: bool, now: Instant) {
        if at_rest && now.saturating_duration_since(self.moved) > APART {
            self.deadline = now + self.pace.grace;
        }
    }
}

#[cfg(test)]
mod tests;
