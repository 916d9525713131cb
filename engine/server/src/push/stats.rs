//! Statistics over days: today, this week, this month, and a trend.

use super::Stats;
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use push_notify_core::{
    calendar::{self, Day, Range, Unsound, seven_days_to},
    clock::Micros,
};
use schemars::JsonSchema;
use serde::Serialize;

/// The longest trend, in days.
const LONGEST: i32 = 366;

/// The days that statistics are about.
#[derive(Debug, Clone)]
pub struct Span {
    today: Date,
    monday: Date,
    trend: Range,
    /// Each once, ascending.
    pub days: Vec<Day>,
}

#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "PushStats")]
pub struct Report {
    pub today: Rated,
    /// From Monday.
    pub this_week: Rated,
    pub this_month: Rated,
    /// One for each day.
    pub trend: Vec<Point>,
}

#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rated {
    #[serde(flatten)]
    pub pushes: Stats,
    /// Percent of those that ended.
    pub rate: f64,
}

#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// `2026-01-19`
    pub date: String,
    #[serde(flatten)]
    pub pushes: Stats,
}

impl Span {
    /// The trend goes from `first` to `last`; without them it is the seven days that end with
    /// `last`, or with today.
    pub fn new(
        zone: &TimeZone,
        now: Micros,
        first: Option<Date>,
        last: Option<Date>,
    ) -> Result<Self, Unsound> {
        let today = calendar::today(zone, now)?;
        let trend = Range::new(first, last, today, LONGEST, seven_days_to)?;
        let monday =
            today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days())?;
        let mut days = calendar::days(zone, monday.min(today.first_of_month()), today)?;
        days.extend(trend.days(zone)?);
        days.sort_by_key(|day| day.date);
        days.dedup();
        Ok(Self {
            today,
            monday,
            trend,
            days,
        })
    }

    /// `counts` are those of `days`.
    pub fn report(&self, counts: &[Stats]) -> Report {
        let from_to = |first: Date, last: Date| {
            let days = self.days.iter().zip(counts);
            days.filter(move |(day, _)| (first..=last).contains(&day.date))
        };
        let since = |first: Date| {
            let pushes =
                from_to(first, self.today).fold(Stats::default(), |sum, (_, day)| sum + *day);
            Rated {
                rate: pushes.success_rate(),
                pushes,
            }
        };
        let trend = from_to(self.trend.first, self.trend.last).map(|(day, pushes)| Point {
            date: day.date.to_string(),
            pushes: *pushes,
        });
        Report {
            today: since(self.today),
            this_week: since(self.monday),
            this_month: since(self.today.first_of_month()),
            trend: trend.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
