//! What failed logins lead to. They are counted by what was typed as a name, whether such a user exists or not, so that
//! nothing in this tells which names exist.

use super::store;
use crate::{
    app::App,
    clock::{DAY_US, MINUTE_US, Micros},
    http::{ApiError, code},
};

/// From so many failures on, a login needs a captcha.
pub const CAPTCHA_AFTER: i64 = 5;

/// Failures are forgotten after a day without one.
const MEMORY_US: i64 = DAY_US;

/// The failures in a row under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub count: i64,
    pub last_at: Micros,
    pub locked_until: Option<Micros>,
}

#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub lock_after: i64,
    lock_us: i64,
}

impl Policy {
    pub fn of(app: &App) -> Self {
        Self {
            lock_after: app.config.auth.lock_after.into(),
            lock_us: i64::from(app.config.auth.lock_minutes) * MINUTE_US,
        }
    }

    pub fn locked_until(&self, now: Micros) -> Micros {
        now.saturating_add(self.lock_us)
    }

    /// Older failures do not count. A lock is remembered to its end.
    pub fn forgotten_before(&self, now: Micros) -> Micros {
        now.saturating_sub(MEMORY_US.max(self.lock_us))
    }
}

/// The names under which failures are counted: as the names of users, they do not differ by their case.
pub fn key(username: &str) -> String {
    username.to_lowercase()
}

/// How many failures there are now. Refused while the name is locked.
pub async fn standing(app: &App, key: &str) -> Result<i64, ApiError> {
    let now = app.clock.now_us();
    let policy = Policy::of(app);
    let Some(failures) = store::failures(app.db.read(), key).await? else {
        return Ok(0);
    };
    match failures.locked_until {
        Some(until) if until > now => Err(locked(until, now)),
        // The lock is over: counting starts again.
        Some(_) => Ok(0),
        None if failures.last_at < policy.forgotten_before(now) => Ok(0),
        None => Ok(failures.count),
    }
}

/// Takes one attempt, and answers how many there were in a row with it. To be called before the password is looked at; when that
/// was right, [`store::clear_failures`] follows.
pub async fn attempt(app: &App, key: &str) -> Result<i64, ApiError> {
    let now = app.clock.now_us();
    let policy = Policy::of(app);
    let failures = store::count_attempt(app.db.write(), key, &policy, now).await?;
    if failures.count > policy.lock_after {
        return Err(locked(failures.locked_until.unwrap_or(now), now));
    }
    Ok(failures.count)
}

fn locked(until: Micros, now: Micros) -> ApiError {
    let wait_us = u64::try_from(until - now).unwrap_or_default();
    let mut error = ApiError::from(&code::ACCOUNT_LOCKED);
    error.retry_after_seconds = Some(wait_us.div_ceil(1_000_000).max(1));
    error
}
