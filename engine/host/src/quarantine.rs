//! What a trap costs, and whom. It is charged to the one for whom the plugin was called: who has
//! too many of them rests. The plugin itself is closed only when it came to an end for nobody any
//! more, and both open again by themselves, by a call that tries.

#[cfg(test)]
mod tests;

use crate::{config::Quarantine, ports::Party, verdict::CallError};
use parking_lot::{Mutex, MutexGuard};
use std::{
    collections::{HashMap, VecDeque},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Remembers the traps of one function of a plugin, and closes the door where they come too fast.
pub(crate) struct TrapCounter {
    rule: Quarantine,
    /// Whether anything is remembered. As long as nothing is, a call asks and tells nothing.
    wary: AtomicBool,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    parties: HashMap<Party, Traps>,
    /// Whose calls trapped since anybody's came to an end, and when.
    in_a_row: HashMap<Party, Instant>,
    closed: Option<Rest>,
}

/// Of one party.
#[derive(Default)]
struct Traps {
    at: VecDeque<Instant>,
    rest: Option<Rest>,
}

/// No call is made before `until`; then one tries.
struct Rest {
    since: Instant,
    until: Instant,
    /// Of the next one's length.
    doublings: u32,
    trying: bool,
    reason: String,
}

/// A call that may be made. Tell how it ended; dropped without, it says nothing.
pub(crate) struct Entry<'a> {
    counter: &'a TrapCounter,
    party: Party,
    /// It tries whether the plugin works again.
    tries_plugin: bool,
    /// It tries whether the party's calls work again.
    tries_party: bool,
}

/// What a trap brought about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Consequence {
    Nothing,
    /// The party rests, from now on.
    Rests,
    /// The plugin is closed, from now on.
    Closed,
}

impl TrapCounter {
    pub(crate) fn new(rule: Quarantine) -> Self {
        Self {
            rule,
            wary: AtomicBool::new(false),
            record: Mutex::default(),
        }
    }

    /// Why calls are not made for anybody, when they are not.
    pub(crate) fn closed(&self) -> Option<String> {
        if !self.wary.load(Ordering::Acquire) {
            return None;
        }
        let record = self.record();
        record.closed.as_ref().map(|rest| rest.reason.clone())
    }

    pub(crate) fn enter(&self, party: Party, now: Instant) -> Result<Entry<'_>, CallError> {
        let entry = |tries_plugin, tries_party| Entry {
            counter: self,
            party,
            tries_plugin,
            tries_party,
        };
        if !self.wary.load(Ordering::Acquire) {
            return Ok(entry(false, false));
        }
        let mut record = self.record();
        let Record {
            parties,
            in_a_row,
            closed,
        } = &mut *record;
        // Those whose calls never trapped are let in until one of them traps, too: the others may
        // have themselves to blame.
        let is_suspect = in_a_row.contains_key(&party);
        let is_free = |rest: &Rest| rest.doublings == 0 && !is_suspect;
        if let Some(rest) = closed.as_ref().filter(|rest| !is_free(rest)) {
            let earliest = rest.until.max(rest.since + self.rule.rest);
            if rest.trying || now < earliest {
                return Err(CallError::Quarantined(rest.reason.clone()));
            }
        }
        let mut of_party = parties.get_mut(&party).and_then(|of| of.rest.as_mut());
        if let Some(rest) = &of_party
            && (rest.trying || now < rest.until)
        {
            return Err(CallError::Resting(rest.reason.clone()));
        }
        if let Some(rest) = &mut of_party {
            rest.trying = true;
        }
        let tries_party = of_party.is_some();
        let tries_plugin = closed.is_some();
        if let Some(rest) = closed.as_mut().filter(|rest| !is_free(rest)) {
            rest.trying = true;
        }
        Ok(entry(tries_plugin, tries_party))
    }

    pub(crate) fn clear(&self) {
        *self.record() = Record::default();
        self.wary.store(false, Ordering::Release);
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock()
    }
}

impl Entry<'_> {
    /// The guest came to an end of its own.
    pub(crate) fn ended(mut self, now: Instant) {
        if !self.counter.wary.load(Ordering::Acquire) {
            return;
        }
        let mut record = self.counter.record();
        record.in_a_row.clear();
        record.closed = None;
        if std::mem::take(&mut self.tries_party) {
            record.parties.remove(&self.party);
        }
        self.tries_plugin = false;
        record.forget(&self.counter.rule, now);
        if record.is_empty() {
            self.counter.wary.store(false, Ordering::Release);
        }
    }

    pub(crate) fn trapped(mut self, now: Instant, why: &str) -> Consequence {
        let tries_plugin = std::mem::take(&mut self.tries_plugin);
        let tries_party = std::mem::take(&mut self.tries_party);
        let party = self.party;
        // Nobody knows whether these are one or many.
        if party == Party::Nobody {
            self.tries_plugin = tries_plugin;
            return Consequence::Nothing;
        }
        let rule = &self.counter.rule;
        let mut record = self.counter.record();
        self.counter.wary.store(true, Ordering::Release);
        record.forget(rule, now);
        record.in_a_row.insert(party, now);
        let mut consequence = Consequence::Nothing;
        if party.rests_here() {
            let traps = record.parties.entry(party).or_default();
            traps.at.push_back(now);
            if traps.note(rule, tries_party, now, why) {
                consequence = Consequence::Rests;
            }
        }
        let row = record.in_a_row.len();
        match &mut record.closed {
            // Of several that were let in, the first.
            Some(rest) if tries_plugin && now >= rest.until => rest.again(rule, now),
            Some(_) => {}
            None if row >= rule.parties.max(1) as usize => {
                let noun = party.noun();
                let reason =
                    format!("calls for {row} {noun} in a row trapped, the last one: {why}");
                record.closed = Some(Rest::new(now, Duration::ZERO, reason));
                consequence = Consequence::Closed;
            }
            None => {}
        }
        consequence
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if !self.tries_plugin && !self.tries_party {
            return;
        }
        let mut record = self.counter.record();
        if let (true, Some(rest)) = (self.tries_plugin, &mut record.closed) {
            rest.trying = false;
        }
        let of_party = record.parties.get_mut(&self.party);
        if let (true, Some(rest)) = (self.tries_party, of_party.and_then(|of| of.rest.as_mut())) {
            rest.trying = false;
        }
    }
}

impl Record {
    /// What is over for so long that it says nothing any more.
    fn forget(&mut self, rule: &Quarantine, now: Instant) {
        let is_past = |at: &Instant| now.duration_since(*at) > rule.window;
        self.in_a_row
            .retain(|_, at| self.closed.is_some() || !is_past(at));
        self.parties.retain(|_, traps| {
            while traps.at.front().is_some_and(is_past) {
                traps.at.pop_front();
            }
            let rests = traps.rest.as_ref().is_some_and(|rest| {
                rest.trying || now < rest.until + rule.longest_rest.max(rule.window)
            });
            rests || !traps.at.is_empty()
        });
    }

    fn is_empty(&self) -> bool {
        self.parties.is_empty() && self.in_a_row.is_empty() && self.closed.is_none()
    }
}

impl Traps {
    /// True when the party begins to rest.
    fn note(&mut self, rule: &Quarantine, tried: bool, now: Instant, why: &str) -> bool {
        match &mut self.rest {
            Some(rest) if tried => {
                rest.again(rule, now);
                false
            }
            // It began before the rest did.
            Some(_) => false,
            None if self.at.len() >= rule.traps.max(1) as usize => {
                let reason = format!(
                    "{} traps within {} s, the last one: {why}",
                    self.at.len(),
                    rule.window.as_secs()
                );
                self.rest = Some(Rest::new(now, rule.rest, reason));
                true
            }
            None => false,
        }
    }
}

impl Rest {
    fn new(since: Instant, length: Duration, reason: String) -> Self {
        Self {
            since,
            until: since + length,
            doublings: u32::from(!length.is_zero()),
            trying: false,
            reason,
        }
    }

    /// The call that tried trapped: twice as long as before.
    fn again(&mut self, rule: &Quarantine, now: Instant) {
        let length = rule.rest.saturating_mul(1 << self.doublings.min(16));
        self.until = now + length.min(rule.longest_rest);
        self.doublings += 1;
        self.trying = false;
    }
}

impl Party {
    /// A target's rest is kept where all servers see it, and its owner is told of it: by the
    /// breaker of the engine.
    fn rests_here(self) -> bool {
        matches!(self, Self::Repo(_) | Self::Model(_))
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Nobody => "callers",
            Self::Target(_) => "targets",
            Self::Repo(_) => "repositories",
            Self::Model(_) => "models",
        }
    }
}

/// The functions of a plugin. What one of them cannot do says nothing of the others: a Git host's
/// answers never keep its webhooks out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Receive,
    /// Of deliveries that came earlier. One that breaks the plugin was charged when it came: tried
    /// again, it keeps no new one out.
    ReceiveParked,
    Changes,
    Content,
    PublishReview,
    OpenMergeRequest,
    MergeRequestStatus,
    Mapping,
    Send,
    Update,
    Reply,
    Complete,
    Probe,
}

/// A counter for each function.
pub(crate) struct TrapCounters([TrapCounter; 13]);

impl TrapCounters {
    pub(crate) fn new(rule: &Quarantine) -> Self {
        Self(std::array::from_fn(|_| TrapCounter::new(rule.clone())))
    }

    pub(crate) fn of(&self, function: Function) -> &TrapCounter {
        &self.0[function as usize]
    }

    /// Why a function is closed, when one is.
    pub(crate) fn closed(&self) -> Option<String> {
        let counters = self.0.iter().enumerate();
        let of_new = counters.filter(|(function, _)| *function != Function::ReceiveParked as usize);
        of_new
            .map(|(_, counter)| counter)
            .find_map(TrapCounter::closed)
    }

    pub(crate) fn clear(&self) {
        self.0.iter().for_each(TrapCounter::clear);
    }
}
