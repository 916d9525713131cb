//! The way to one target: what waits, how many are sent at a time, how many in a while.

use push_notify_manifest::{Rate, Rates};
use std::{collections::VecDeque, sync::Arc};
use tokio::{sync::Semaphore, time::Instant};

/// A lane goes on while outcomes are written. So many sends for each that it makes at a time may be
/// without a written outcome, those under way included; more would make a server that dies repeat
/// more, and gain nothing: a commit takes as long as a few sends.
pub const OPEN_SENDS: usize = 4;

/// What the channel's manifest and the operator say of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) struct Rules {
    pub rates: Option<Rates>,
    pub concurrency: usize,
}

pub(in crate::pipeline) struct Lane<T> {
    pub rules: Rules,
    /// In memory for this target, waiting or being sent.
    admitted: usize,
    pub active: usize,
    pub waiting: VecDeque<T>,
    /// Of the sends whose outcome is not on disk yet.
    pub open_sends: Arc<Semaphore>,
    /// When the last ones were admitted, as far back as the rates look.
    recent: VecDeque<Instant>,
    /// Until then all nodes together have sent what the rate allows.
    pub shut_until: Option<Instant>,
    /// Somebody was turned away; the sweeper wants to know when there is room.
    pub turned_away: bool,
}

/// Whether one more may come.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::pipeline) enum Capacity {
    Open,
    /// Too many wait.
    Full,
    ClosedUntil(Instant),
}

impl<T> Lane<T> {
    pub(in crate::pipeline) fn new(rules: Rules) -> Self {
        Self {
            rules,
            admitted: 0,
            active: 0,
            waiting: VecDeque::new(),
            open_sends: Arc::new(Semaphore::new(rules.concurrency * OPEN_SENDS)),
            recent: VecDeque::new(),
            shut_until: None,
            turned_away: false,
        }
    }

    pub(in crate::pipeline) fn room(&self, most: usize, now: Instant) -> Capacity {
        if let Some(until) = self.shut_until.filter(|until| *until > now) {
            return Capacity::ClosedUntil(until);
        }
        if self.admitted >= most {
            return Capacity::Full;
        }
        let opens = |rate: Rate| {
            let at = self.recent.len().checked_sub(rate.count as usize)?;
            Some(*self.recent.get(at)? + rate.window)
        };
        let rates = self.rules.rates.iter().flat_map(Rates::iter);
        match rates.filter_map(opens).max() {
            Some(opens) if opens > now => Capacity::ClosedUntil(opens),
            _ => Capacity::Open,
        }
    }

    pub(in crate::pipeline) fn admit(&mut self, now: Instant) {
        self.admitted += 1;
        if let Some(rates) = self.rules.rates {
            self.recent.push_back(now);
            while self.recent.len() > rates.memory() {
                self.recent.pop_front();
            }
        }
    }

    /// One has left memory. If nothing was sent, it does not count towards the rate.
    pub(in crate::pipeline) fn leave(&mut self, sent: bool) {
        self.admitted = self.admitted.saturating_sub(1);
        if !sent {
            self.recent.pop_back();
        }
    }

    /// Whether the next one that leaves is to say so.
    pub(in crate::pipeline) fn tells_of_room(&self) -> bool {
        self.turned_away && self.admitted > 0
    }

    /// Whether forgetting this lane changes nothing.
    pub(in crate::pipeline) fn is_idle(&self, now: Instant) -> bool {
        let remembers = |rate: Rate| {
            self.recent
                .back()
                .is_some_and(|last| *last + rate.window > now)
        };
        self.admitted == 0
            && self.active == 0
            && self.waiting.is_empty()
            && !self.rules.rates.iter().flat_map(Rates::iter).any(remembers)
            && self.shut_until.is_none_or(|until| until <= now)
    }
}

#[cfg(test)]
mod tests;
