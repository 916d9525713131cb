//! What failed logins lead to: first a captcha, then a lock. They are counted by what was typed as
//! a name, whether such a user exists or not, so that nothing in this tells which names exist; and
//! by where they come from, so that nobody locks others out:
//!
//! - From each network there are `auth.lock_after` guesses at a name; then that network is locked
//!   out of the name for a while.
//! - From all networks together that the user has not logged in from there are ten times as many,
//!   and then one in a minute. Before each of these, from the fifth on, a captcha is to be solved.
//!   Who comes from where they logged in before is not concerned by it.
//!
//! So however many networks take part, guesses at a name are few.

pub mod store;

use crate::{
    app::App,
    http::{ApiError, client::Client, code},
};
use push_notify_core::clock::{DAY_US, MINUTE_US, Micros};
use sqlx::AnyConnection;

/// From so many failures on, a login needs a captcha.
pub const CAPTCHA_AFTER: i64 = 5;

/// Failures are forgotten after a day without one.
const MEMORY_US: i64 = DAY_US;
/// How many times the guesses of one network all strange networks have together,
const STRANGERS: i64 = 10;
/// and how long there is none after each further one.
const PACE_US: i64 = MINUTE_US;
/// How long a network is known after a login.
const KNOWN_US: i64 = 90 * DAY_US;
/// Networks of a user that are known, at most.
const MOST_KNOWN: i64 = 50;

/// All networks that the user has not logged in from.
const STRANGE: &str = "";
/// Of whoever is logged in already, and so from wherever.
const CHANGES: &str = "password";

/// Who is guessed at, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: String,
    network: String,
}

/// What is asked of somebody before they may guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub needs_captcha: bool,
    /// The user has logged in from there.
    is_known: bool,
}

/// How many failures there may be, and what follows.
#[derive(Debug, Clone, Copy)]
struct Limit {
    most: i64,
    lock_us: i64,
    /// Counting starts again after a lock.
    starts_again: bool,
}

impl Standing {
    /// Of whoever is logged in: no stranger.
    pub const LOGGED_IN: Self = Self {
        needs_captcha: false,
        is_known: true,
    };
}

impl Source {
    /// Of a login.
    pub fn of_login(username: &str, client: &Client) -> Self {
        Self {
            name: key(username),
            network: client.network().to_string(),
        }
    }

    /// Of a change of one's own password: whoever has found a session must not guess the password
    /// with it.
    pub fn of_change(username: &str) -> Self {
        Self {
            name: key(username),
            network: CHANGES.to_owned(),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The names under which failures are counted: as the names of users, they do not differ by their
/// case.
pub fn key(username: &str) -> String {
    username.to_lowercase()
}

/// Refused while nothing may be tried from there.
pub async fn standing(app: &App, source: &Source) -> Result<Standing, ApiError> {
    let now = app.clock.now_us();
    let since = now.saturating_sub(KNOWN_US);
    let is_known = store::is_known(app.db.read(), source, since).await?;
    let mut worst = 0;
    for (network, limit) in counted(app, source, is_known) {
        let Some(failures) = store::failures(app.db.read(), &source.name, network).await? else {
            continue;
        };
        worst = worst.max(match failures.locked_until {
            Some(until) if until > now => return Err(locked(until, now)),
            Some(_) if limit.starts_again => 0,
            _ if failures.last_at < forgotten_before(app, now) => 0,
            _ => failures.count,
        });
    }
    Ok(Standing {
        needs_captcha: worst >= CAPTCHA_AFTER,
        is_known,
    })
}

/// Takes one attempt, and answers how many there were in a row with it. To be called before the
/// password is looked at: many at the same time are as many. When it was right, [`passed`] follows.
pub async fn attempt(app: &App, source: &Source, standing: Standing) -> Result<i64, ApiError> {
    let now = app.clock.now_us();
    store::forget(app.db.write(), forgotten_before(app, now)).await?;
    let mut worst = 0;
    for (network, limit) in counted(app, source, standing.is_known) {
        let count = store::count(app.db.write(), &source.name, network, &limit, now).await?;
        let Some(count) = count else {
            let failures = store::failures(app.db.read(), &source.name, network).await?;
            let until = failures.and_then(|failures| failures.locked_until);
            return Err(locked(until.unwrap_or(now), now));
        };
        worst = worst.max(count);
    }
    Ok(worst)
}

/// Takes the attempt back: its password was right. What others have failed at stays.
pub async fn passed(
    connection: &mut AnyConnection,
    source: &Source,
    standing: Standing,
) -> Result<(), sqlx::Error> {
    store::clear(&mut *connection, &source.name, &source.network).await?;
    if !standing.is_known {
        store::take_back(connection, &source.name, STRANGE).await?;
    }
    Ok(())
}

/// Under which networks an attempt counts, and up to where. Its own comes first: one that is locked
/// out takes nothing from the others.
fn counted<'a>(
    app: &App,
    source: &'a Source,
    is_known: bool,
) -> impl Iterator<Item = (&'a str, Limit)> {
    let auth = &app.config.auth;
    let own = Limit {
        most: auth.lock_after.into(),
        lock_us: i64::from(auth.lock_minutes) * MINUTE_US,
        starts_again: true,
    };
    let strange = Limit {
        most: own.most * STRANGERS,
        lock_us: PACE_US,
        starts_again: false,
    };
    let strange = (!is_known).then_some((STRANGE, strange));
    std::iter::once((source.network.as_str(), own)).chain(strange)
}

/// Older failures do not count. A lock is remembered to its end.
fn forgotten_before(app: &App, now: Micros) -> Micros {
    let lock_us = i64::from(app.config.auth.lock_minutes) * MINUTE_US;
    now.saturating_sub(MEMORY_US.max(lock_us))
}

fn locked(until: Micros, now: Micros) -> ApiError {
    let wait_us = u64::try_from(until - now).unwrap_or_default();
    let mut error = ApiError::from(&code::ACCOUNT_LOCKED);
    error.retry_after_seconds = Some(wait_us.div_ceil(1_000_000).max(1));
    error
}
