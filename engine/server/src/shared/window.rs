//! At most so many in any window of time, as this node knows it.

use moka::sync::Cache;
use parking_lot::Mutex;
use push_notify_core::{clock::Micros, id::TargetId};
use push_notify_manifest::Rates;
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// No rate looks back further.
const LONGEST: Duration = Duration::from_secs(3600);
const MOST_TARGETS: u64 = 100_000;

/// For each target when the last ones were, as far back as its rate looks.
pub(super) struct Windows(Cache<TargetId, Arc<Mutex<VecDeque<Micros>>>>);

impl Default for Windows {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST_TARGETS)
                .time_to_idle(LONGEST)
                .build(),
        )
    }
}

impl Windows {
    /// Fails with how long to wait.
    pub(super) fn take(
        &self,
        target_id: TargetId,
        rates: Rates,
        now: Micros,
    ) -> Result<(), Duration> {
        let recent = self.0.get_with(target_id, Default::default);
        let mut recent = recent.lock();
        let wait_us = rates.iter().filter_map(|rate| {
            let at = recent.len().checked_sub(rate.count as usize)?;
            let window_us = i64::try_from(rate.window.as_micros()).unwrap_or(i64::MAX);
            let wait_us = recent
                .get(at)?
                .saturating_add(window_us)
                .saturating_sub(now);
            // A clock that was set back must not make anybody wait longer than a window.
            Some(wait_us.min(window_us))
        });
        let wait_us = wait_us.max().unwrap_or_default();
        if wait_us > 0 {
            return Err(Duration::from_micros(wait_us as u64));
        }
        recent.push_back(now);
        while recent.len() > rates.memory() {
            recent.pop_front();
        }
        Ok(())
    }

    /// The last one was not to be.
    pub(super) fn give_back(&self, target_id: TargetId) {
        if let Some(recent) = self.0.get(&target_id) {
            let mut recent = recent.lock();
            recent.pop_back();
        }
    }
}
