use crate::config::Quarantine;
use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

/// Remembers a plugin's traps and closes the door when they come too fast.
pub(crate) struct Ward {
    rule: Quarantine,
    closed: AtomicBool,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    traps: VecDeque<Instant>,
    reason: Option<String>,
}

impl Ward {
    pub(crate) fn new(rule: Quarantine) -> Self {
        Self {
            rule,
            closed: AtomicBool::new(false),
            record: Mutex::default(),
        }
    }

    /// Why no call is made, when none is.
    pub(crate) fn reason(&self) -> Option<String> {
        if !self.closed.load(Ordering::Acquire) {
            return None;
        }
        self.record().reason.clone()
    }

    /// True when this trap was the one too many.
    pub(crate) fn trapped(&self, now: Instant, why: &str) -> bool {
        let mut record = self.record();
        if record.reason.is_some() {
            return false;
        }
        record.traps.push_back(now);
        while record
            .traps
            .front()
            .is_some_and(|first| now.duration_since(*first) > self.rule.window)
        {
            record.traps.pop_front();
        }
        let count = record.traps.len();
        if count < self.rule.traps.max(1) as usize {
            return false;
        }
        record.reason = Some(format!(
            "{count} traps within {} s, the last one: {why}",
            self.rule.window.as_secs()
        ));
        self.closed.store(true, Ordering::Release);
        true
    }

    pub(crate) fn clear(&self) {
        let mut record = self.record();
        *record = Record::default();
        self.closed.store(false, Ordering::Release);
    }

    fn record(&self) -> std::sync::MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
