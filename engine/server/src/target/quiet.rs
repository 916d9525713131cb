//! When nothing is to be sent to a target, but for what is severe.

mod form;

pub use form::read;

use jiff::{civil::Weekday, tz::TimeZone};
use push_notify_core::{
    calendar::{Hours, WEEK, time_of_day},
    clock::Micros,
};
use push_notify_review::Severity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The column `targets.quiet_hours`, and the field of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TargetQuietHours")]
pub struct QuietHours {
    pub enabled: bool,
    /// HH:MM. They reach over midnight where the end is not after the start; the same time twice is
    /// a whole day.
    pub start: String,
    pub end: String,
    /// An IANA name.
    pub timezone: String,
    /// On which they begin; null: on each.
    pub days: Option<Vec<Day>>,
    /// What tells of a review with an issue at least so severe is sent all the same; null: nothing
    /// is.
    pub unless_severity: Option<Severity>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Weekday")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Quiet hours as a send finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiet {
    hours: Hours,
    unless: Option<Severity>,
}

impl Quiet {
    /// Until when a message waits that is due at `now`; None: it is sent. `severity` is that of the
    /// worst issue of its event's review, if it has any.
    pub fn until(&self, now: Micros, severity: Option<Severity>) -> Option<Micros> {
        if self.unless.is_some_and(|unless| severity >= Some(unless)) {
            return None;
        }
        self.hours.until(now)
    }
}

impl QuietHours {
    /// Of the column: NULL is none.
    pub fn from_stored(json: Option<&str>) -> Result<Option<Self>, serde_json::Error> {
        json.map(serde_json::from_str).transpose()
    }

    /// None: they are switched off.
    pub fn in_force(&self) -> Option<Quiet> {
        let hours = self.enabled.then(|| self.hours()).flatten()?;
        Some(Quiet {
            hours,
            unless: self.unless_severity,
        })
    }

    /// None: something in them is unknown.
    fn hours(&self) -> Option<Hours> {
        Some(Hours {
            zone: TimeZone::get(&self.timezone).ok()?,
            start: time_of_day(&self.start)?,
            end: time_of_day(&self.end)?,
            days: match &self.days {
                None => WEEK.to_vec(),
                Some(days) => days.iter().map(|day| day.weekday()).collect(),
            },
        })
    }
}

impl Day {
    pub const NAMES: [&'static str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];

    fn weekday(self) -> Weekday {
        WEEK[self as usize]
    }
}

#[cfg(test)]
mod tests;
