//! A part of the day, on some days of the week.

use crate::clock::Micros;
use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// From `start` to before `end` by the clocks of a time zone; over midnight where the end is not
/// after the start. The same time twice is a whole day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    pub zone: TimeZone,
    pub start: Time,
    pub end: Time,
    /// The days on which they begin.
    pub days: Vec<Weekday>,
}

/// From Monday on.
pub const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl Hours {
    /// When those end that are on at `now`; None: it is not the time for them. Where the next ones
    /// begin as these end, they are one.
    pub fn until(&self, now: Micros) -> Option<Micros> {
        let mut end = self.end_at(now)?;
        // Hours of a whole day each may join up to a week, and to no more: one day at least is
        // without.
        for _ in WEEK {
            match self.end_at(end) {
                Some(later) if later > end => end = later,
                _ => break,
            }
        }
        Some(end)
    }

    /// Whether there is no time outside of them.
    pub fn is_always(&self) -> bool {
        self.start == self.end && WEEK.iter().all(|day| self.days.contains(day))
    }

    fn end_at(&self, now: Micros) -> Option<Micros> {
        let today = Timestamp::from_microsecond(now).ok()?;
        let today = today.to_zoned(self.zone.clone()).date();
        let yesterday = today.checked_sub(1.day()).ok()?;
        [yesterday, today].into_iter().find_map(|day| {
            let (start, end) = self.of(day)?;
            (start <= now && now < end).then_some(end)
        })
    }

    /// Those that begin on this day. A time that the clocks leave out is the one after the gap, and
    /// of a time that they show twice the first counts.
    fn of(&self, day: Date) -> Option<(Micros, Micros)> {
        if !self.days.contains(&day.weekday()) {
            return None;
        }
        let last = match self.end > self.start {
            true => day,
            false => day.checked_add(1.day()).ok()?,
        };
        let at = |day: Date, time: Time| {
            let at = day.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
            Some(at.timestamp().as_microsecond())
        };
        Some((at(day, self.start)?, at(last, self.end)?))
    }
}

/// `22:00`.
pub fn time_of_day(text: &str) -> Option<Time> {
    let two = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i8>().ok().filter(|_| is_number)
    };
    let (hour, minute) = text.split_once(':')?;
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

#[cfg(test)]
mod tests;
