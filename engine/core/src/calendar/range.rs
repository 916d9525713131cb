use super::{Day, days, start_of};
use crate::clock::Micros;
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};

/// Dates that are asked for, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: Date,
    pub last: Date,
}

/// Why there is no such range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    #[error("it ends before it begins")]
    Backwards,
    #[error("it is longer than {0} days")]
    TooLong(i32),
    #[error("it is before 1970 or after 9998")]
    OutOfTime,
}

impl From<jiff::Error> for Unsound {
    fn from(_: jiff::Error) -> Self {
        Self::OutOfTime
    }
}

impl Range {
    /// Without `last` it ends today, or with a `first` that is later; without `first` it begins
    /// where `usual` says for its last day.
    pub fn new(
        first: Option<Date>,
        last: Option<Date>,
        today: Date,
        most_days: i32,
        usual: impl FnOnce(Date) -> Date,
    ) -> Result<Self, Unsound> {
        let last = last.unwrap_or_else(|| first.map_or(today, |first| first.max(today)));
        let first = first.unwrap_or_else(|| usual(last));
        if last < first {
            return Err(Unsound::Backwards);
        }
        if first.year() < 1970 || last.year() > 9998 {
            return Err(Unsound::OutOfTime);
        }
        if (last - first).get_days() >= most_days {
            return Err(Unsound::TooLong(most_days));
        }
        Ok(Self { first, last })
    }

    pub fn days(self, zone: &TimeZone) -> Result<Vec<Day>, Unsound> {
        Ok(days(zone, self.first, self.last)?)
    }
}

/// When the first day begins and when the last one is over, as far as they are given.
pub fn span(
    zone: &TimeZone,
    first: Option<Date>,
    last: Option<Date>,
) -> Result<(Option<Micros>, Option<Micros>), Unsound> {
    if first.zip(last).is_some_and(|(first, last)| last < first) {
        return Err(Unsound::Backwards);
    }
    let dates = first.iter().chain(&last);
    if dates
        .into_iter()
        .any(|date| !(1970..=9998).contains(&date.year()))
    {
        return Err(Unsound::OutOfTime);
    }
    let from = first.map(|first| start_of(zone, first)).transpose()?;
    let next = last.map(|last| last.checked_add(1.day())).transpose()?;
    let end = next.map(|next| start_of(zone, next)).transpose()?;
    Ok((from, end))
}

/// The first of the seven days that end with `last`.
pub fn seven_days_to(last: Date) -> Date {
    last.saturating_sub(6.days())
}
