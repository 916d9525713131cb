//! Dates and time zones.

use super::{Form, FromQuery, Query};
use crate::http::ApiError;
use jiff::{civil::Date, tz::TimeZone};
use push_notify_core::{
    calendar::{self, Unsound},
    clock::Micros,
    i18n::Text,
};
use serde_json::{Value, json};

const NO_ZONE: Text = Text::new(
    "必须是IANA时区，例如Asia/Shanghai",
    "must be an IANA time zone such as Asia/Shanghai",
);

/// Of a time zone, in characters.
const LONGEST_NAME: usize = 64;

fn zone_schema() -> Value {
    json!({ "type": "string", "maxLength": LONGEST_NAME, "examples": ["Asia/Shanghai"] })
}

/// Days that a query asks for.
pub struct Dates {
    pub zone: Option<TimeZone>,
    pub first: Option<Date>,
    pub last: Option<Date>,
}

impl FromQuery for Dates {
    fn read(query: &mut Query) -> Self {
        Self {
            zone: query.zone("timezone"),
            first: query.date("start_date"),
            last: query.date("end_date"),
        }
    }
}

/// A 400 that names the parameters of [`Dates`].
impl From<Unsound> for ApiError {
    fn from(unsound: Unsound) -> Self {
        Self::malformed(vec![match unsound {
            Unsound::Backwards => Text::new(
                "参数end_date不能早于start_date",
                "end_date must not be before start_date",
            ),
            Unsound::TooLong(days) => Text::made(
                format!("参数start_date到end_date不能超过{days}天"),
                format!("start_date to end_date must be {days} days at most"),
            ),
            Unsound::OutOfTime => Text::new(
                "参数start_date和end_date必须在1970年至9998年之间",
                "start_date and end_date must be within 1970 to 9998",
            ),
        }])
    }
}

impl Query {
    /// `start_time` and `end_time`, both included.
    pub fn span(&mut self) -> (Option<Micros>, Option<Micros>) {
        let (from, to) = (self.time("start_time"), self.time("end_time"));
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            let problem = Text::new("不能早于start_time", "must not be before start_time");
            self.refuse("end_time", problem);
        }
        (from, to)
    }

    /// An IANA name.
    pub fn zone(&mut self, name: &str) -> Option<TimeZone> {
        self.note(name, zone_schema);
        let value = self.given(name)?;
        let zone = calendar::zone(&value);
        if zone.is_none() {
            self.refuse(name, NO_ZONE);
        }
        zone
    }
}

impl Form {
    /// `2026-01-19`.
    pub fn date(&mut self, name: &str) -> Option<Date> {
        self.note(name, || json!({ "type": "string", "format": "date" }));
        let text = self.string(name)?;
        let date = Date::strptime("%Y-%m-%d", text).ok();
        if date.is_none() {
            let problem = Text::new(
                "必须是日期，例如2026-01-19",
                "must be a date such as 2026-01-19",
            );
            self.refuse(name, &problem);
        }
        date
    }

    /// RFC 3339.
    pub fn time(&mut self, name: &str) -> Option<Micros> {
        self.note(name, || json!({ "type": "string", "format": "date-time" }));
        let time = self.string(name)?.parse::<jiff::Timestamp>().ok();
        if time.is_none() {
            let problem = Text::new(
                "必须是RFC3339时间，例如2026-01-19T14:30:00Z",
                "must be an RFC 3339 time such as 2026-01-19T14:30:00Z",
            );
            self.refuse(name, &problem);
        }
        time.map(jiff::Timestamp::as_microsecond)
    }

    /// An IANA name.
    pub fn zone(&mut self, name: &str) -> Option<TimeZone> {
        self.note(name, zone_schema);
        let zone = calendar::zone(&self.string(name)?);
        if zone.is_none() {
            self.refuse(name, &NO_ZONE);
        }
        zone
    }

    /// The zone's name, as the time zone database spells it.
    pub fn zone_name(&mut self, name: &str) -> Option<String> {
        let zone = self.zone(name)?;
        let spelt = zone.iana_name().map(str::to_owned);
        if spelt.is_none() {
            self.refuse(name, &NO_ZONE);
        }
        spelt
    }

    fn string(&mut self, name: &str) -> Option<String> {
        let Value::String(text) = self.filled(name)? else {
            self.mistyped(name, Text::new("必须是字符串", "must be a string"));
            return None;
        };
        Some(text)
    }
}
