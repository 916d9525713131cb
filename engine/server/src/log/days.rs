use crate::{
    calendar::{self, Day},
    clock::Micros,
};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};

/// Of a range that is asked for.
pub const MOST_DAYS: i32 = 366;

/// Why there is no such range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadRange {
    Backwards,
    TooLong,
    OutOfTime,
}

impl From<jiff::Error> for BadRange {
    fn from(_: jiff::Error) -> Self {
        Self::OutOfTime
    }
}

/// The days from `first` to `last`, both included. Without `last` they end today, or with a `first` that is later; without
/// `first` they are seven.
pub fn days(
    zone: &TimeZone,
    first: Option<Date>,
    last: Option<Date>,
    now: Micros,
) -> Result<Vec<Day>, BadRange> {
    let today = calendar::today(zone, now)?;
    let last = last.unwrap_or_else(|| first.map_or(today, |first| first.max(today)));
    let first = match first {
        Some(first) => first,
        None => last.checked_sub(6.days())?,
    };
    if first > last {
        return Err(BadRange::Backwards);
    }
    if (last - first).get_days() >= MOST_DAYS {
        return Err(BadRange::TooLong);
    }
    Ok(calendar::days(zone, first, last)?)
}

#[cfg(test)]
mod tests;
