//! Days of a time zone, as runs of the quarters of an hour by which rows are counted. In every zone
//! of today a day begins with a quarter, also where clocks are 30 or 45 minutes off, and where it
//! has 23 or 25 hours.

mod hours;
mod range;

pub use hours::{Hours, WEEK, time_of_day};
pub use range::{Range, Unsound, seven_days_to, span};

use crate::clock::Micros;
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

/// As in `migrations/*/0007_tallies.sql`.
pub const QUARTER_US: Micros = 900_000_000;

/// A day, from its first quarter to before its `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    pub first: i64,
    pub end: i64,
}

/// By its IANA name.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// `2026-01-19 14:30 +08:00`: a time for people, who may not know whose clocks are meant.
pub fn told(at: Micros, zone: &TimeZone) -> String {
    let at = Timestamp::from_microsecond(at).map(|at| at.to_zoned(zone.clone()));
    at.map(|at| at.strftime("%Y-%m-%d %H:%M %:z").to_string())
        .unwrap_or_default()
}

/// The date at `now`.
pub fn today(zone: &TimeZone, now: Micros) -> Result<Date, jiff::Error> {
    Ok(Timestamp::from_microsecond(now)?
        .to_zoned(zone.clone())
        .date())
}

/// When the day begins, which is not at midnight where clocks are put forward then.
pub fn start_of(zone: &TimeZone, date: Date) -> Result<Micros, jiff::Error> {
    let midnight = date.to_zoned(zone.clone())?;
    Ok(midnight.start_of_day()?.timestamp().as_microsecond())
}

/// From the first to the last date, both included.
pub fn days(zone: &TimeZone, first: Date, last: Date) -> Result<Vec<Day>, jiff::Error> {
    let quarter = |date| Ok::<_, jiff::Error>(start_of(zone, date)?.div_euclid(QUARTER_US));
    let mut days = Vec::new();
    let mut date = first;
    let mut begins = quarter(first)?;
    while date <= last {
        let next = date.checked_add(1.day())?;
        let end = quarter(next)?;
        days.push(Day {
            date,
            first: begins,
            end,
        });
        (date, begins) = (next, end);
    }
    Ok(days)
}

/// Which of the days, which ascend, a quarter is in.
pub fn place(days: &[Day], quarter: i64) -> Option<usize> {
    let place = days.partition_point(|day| day.end <= quarter);
    let day = days.get(place)?;
    (day.first <= quarter).then_some(place)
}

#[cfg(test)]
mod tests;
