//! How a target does, by what its sends came to. After some failures in a row its breaker opens:
//! what is for it waits, and now and then one push tries whether it is well again.

pub mod store;

use push_notify_core::{
    clock::{Micros, rfc3339},
    config::Delivery,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// What is remembered of a target. All empty: it is well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// In a row, for passing reasons.
    pub failures: i64,
    pub failing_since: Option<Micros>,
    /// The breaker is open since then, ...
    pub opened_at: Option<Micros>,
    /// ... lets nothing through until then, and after it one push; ...
    pub open_until: Option<Micros>,
    /// ... for the so-manieth time in a row.
    pub openings: i64,
    /// The far side asked to be left alone until then.
    pub paused_until: Option<Micros>,
    pub misconfigured_since: Option<Micros>,
    pub last_error: Option<String>,
    /// When it last got well.
    pub last_success_at: Option<Micros>,
    /// Somebody ought to look at it since then.
    pub flagged_at: Option<Micros>,
    /// Grows with each change, also from one server to another: the newest knows best.
    pub updated_at: Micros,
}

/// What a send says of its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthSignal {
    /// It answered, and not to say that it is ill.
    Well,
    /// It did not answer, or could not take anything.
    Failing(String),
    /// It works and wants to be left alone so long.
    Busy(Duration),
    /// It takes nothing until somebody changes its settings.
    Misconfigured(String),
}

/// Whether something may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    Open,
    Shut,
    /// One push, to see.
    Probe,
}

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Failures in a row. 0: never.
    after: u32,
    base_us: i64,
    cap_us: i64,
}

/// Of a last error, in characters.
const EXCERPT: usize = 500;

impl Health {
    pub fn gate(&self, now: Micros) -> Gate {
        if self.paused_until.is_some_and(|until| until > now) {
            return Gate::Shut;
        }
        match self.open_until {
            None => Gate::Open,
            Some(until) if until > now => Gate::Shut,
            Some(_) => Gate::Probe,
        }
    }

    /// Whether there is nothing to remember.
    pub fn is_well(&self, now: Micros) -> bool {
        self.failures == 0
            && self.open_until.is_none()
            && self.misconfigured_since.is_none()
            && self.paused_until.is_none_or(|until| until <= now)
    }

    /// Takes a sign in. False when it says nothing new. `is_probe`: of the one push that an open
    /// breaker let through. `random`: from 0 to 1.
    pub fn note(
        &mut self,
        sign: HealthSignal,
        is_probe: bool,
        rules: Rules,
        now: Micros,
        random: f64,
    ) -> bool {
        match sign {
            HealthSignal::Well if self.is_well(now) => return false,
            HealthSignal::Well => {
                self.recover();
                self.last_success_at = Some(now);
            }
            HealthSignal::Busy(wait) => {
                if self.misconfigured_since.is_none() {
                    self.recover();
                }
                let until = now + wait.as_micros() as i64;
                self.paused_until = self.paused_until.max(Some(until));
            }
            // Sent before it opened.
            HealthSignal::Failing(_) if self.open_until.is_some() && !is_probe => return false,
            HealthSignal::Failing(error) => {
                self.failures += 1;
                self.failing_since.get_or_insert(now);
                self.last_error = Some(excerpt(&error));
                if is_probe || rules.opens(self.failures) {
                    self.openings += 1;
                    self.opened_at.get_or_insert(now);
                    self.flagged_at.get_or_insert(now);
                    self.open_until = Some(now + rules.rest_us(self.openings, random));
                }
            }
            HealthSignal::Misconfigured(error) => {
                let error = Some(excerpt(&error));
                if self.misconfigured_since.is_some() && self.last_error == error {
                    return false;
                }
                let (since, flagged_at) = (self.misconfigured_since, self.flagged_at);
                self.recover();
                self.last_error = error;
                self.misconfigured_since = since.or(Some(now));
                self.flagged_at = flagged_at.or(Some(now));
            }
        }
        self.touch(now);
        true
    }

    /// A push is on its way to see whether it is well again; nobody else tries before `until`.
    pub fn probe(&mut self, until: Micros, now: Micros) {
        self.open_until = Some(until);
        self.touch(now);
    }

    /// It answers: there is nothing to wait for but what it asked for itself.
    fn recover(&mut self) {
        *self = Self {
            paused_until: self.paused_until,
            last_success_at: self.last_success_at,
            updated_at: self.updated_at,
            ..Self::default()
        };
    }

    fn touch(&mut self, now: Micros) {
        self.updated_at = now.max(self.updated_at + 1);
    }
}

impl Rules {
    pub fn new(settings: &Delivery) -> Self {
        let micros = |ms: u64| i64::try_from(ms.saturating_mul(1000)).unwrap_or(i64::MAX / 4);
        Self {
            after: settings.breaker_after,
            base_us: micros(settings.breaker_base_ms),
            cap_us: micros(settings.breaker_cap_ms),
        }
    }

    fn opens(self, failures: i64) -> bool {
        self.after > 0 && failures >= i64::from(self.after)
    }

    /// `base * 2^(openings - 1)`, at most the cap; a random part of it, and at least half: what
    /// failed together need not try together.
    fn rest_us(self, openings: i64, random: f64) -> i64 {
        let doublings = u32::try_from(openings - 1).unwrap_or_default().min(30);
        let most = self.base_us.saturating_mul(1 << doublings).min(self.cap_us);
        most / 2 + (most as f64 / 2.0 * random) as i64
    }
}

/// A target's health as the API shows it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "TargetHealth")]
pub struct Shown {
    state: State,
    /// Since when it is in this state; of one that is failing, since its first failure.
    since: Option<String>,
    last_error: Option<String>,
    /// When one push tries whether it is well again.
    next_probe_at: Option<String>,
    /// The far side asked to be left alone until then.
    paused_until: Option<String>,
    /// When it last took a message, as far as its newest pushes tell, else when it last got well.
    last_success_at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "TargetHealthState")]
pub enum State {
    Healthy,
    /// Its last sends failed, for a reason that may pass.
    Failing,
    /// It failed so often that its pushes wait, but for one now and then.
    Open,
    /// It takes nothing until its settings are changed.
    Misconfigured,
}

impl Health {
    pub fn state(&self) -> State {
        if self.misconfigured_since.is_some() {
            State::Misconfigured
        } else if self.open_until.is_some() {
            State::Open
        } else if self.failures > 0 {
            State::Failing
        } else {
            State::Healthy
        }
    }

    pub fn shown(&self, now: Micros) -> Shown {
        let state = self.state();
        let since = match state {
            State::Healthy => None,
            State::Failing => self.failing_since,
            State::Open => self.opened_at,
            State::Misconfigured => self.misconfigured_since,
        };
        let paused_until = self.paused_until.filter(|until| *until > now);
        Shown {
            state,
            since: since.map(rfc3339),
            last_error: self.last_error.clone(),
            next_probe_at: self.open_until.map(rfc3339),
            paused_until: paused_until.map(rfc3339),
            last_success_at: self.last_success_at.map(rfc3339),
        }
    }
}

fn excerpt(error: &str) -> String {
    error.chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests;
