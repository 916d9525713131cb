//! Dates and time zones.

use super::{Form, Query};
use crate::{calendar, http::Text};
use jiff::{civil::Date, tz::TimeZone};
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

impl Query {
    /// An IANA name.
    pub fn zone(&mut self, name: &str) -> Option<TimeZone> {
        self.note(name, zone_schema);
        let value = self.take(name)?;
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

    /// An IANA name.
    pub fn zone(&mut self, name: &str) -> Option<TimeZone> {
        self.note(name, zone_schema);
        let zone = calendar::zone(&self.string(name)?);
        if zone.is_none() {
            self.refuse(name, &NO_ZONE);
        }
        zone
    }

    fn string(&mut self, name: &str) -> Option<String> {
        let Value::String(text) = self.present(name)? else {
            self.mistyped(name, Text::new("必须是字符串", "must be a string"));
            return None;
        };
        Some(text)
    }
}
