//! The field `quiet_hours` in the bodies of `POST` and `PUT /targets`.

use super::{Day, QuietHours};
use crate::http::extract::Form;
use push_notify_core::{calendar::time_of_day, i18n::Text};
use push_notify_review::Severity;
use serde::de::DeserializeOwned;

const NO_TIME: Text = Text::new(
    "必须是HH:MM格式的时间，例如22:00",
    "must be a time of day such as 22:00",
);
const ALWAYS: Text = Text::new(
    "与开始时间相同且包含每一天，将永远不会推送：请更改时间或天，或停用目标",
    "is the start of every day: nothing would ever be sent. Change a time or the days, or disable the target",
);

/// They are given as a whole. None: the body has none.
pub fn read(form: &mut Form) -> Option<QuietHours> {
    let quiet = form.nested("quiet_hours", |form| {
        let quiet = QuietHours {
            enabled: form.boolean("enabled").unwrap_or(true),
            start: time(form, "start"),
            end: time(form, "end"),
            timezone: zone(form),
            days: form
                .choices("days", &Day::NAMES)
                .map(|days| days.into_iter().filter_map(named).collect()),
            unless_severity: form
                .choice("unless_severity", &Severity::NAMES)
                .and_then(named),
        };
        if quiet.hours().is_some_and(|hours| hours.is_always()) {
            form.refuse("end", &ALWAYS);
        }
        quiet
    });
    quiet.filter(|_| form.is_given("quiet_hours"))
}

fn time(form: &mut Form, name: &str) -> String {
    let time = form.required_line(name, 20);
    if !time.is_empty() && time_of_day(&time).is_none() {
        form.refuse(name, &NO_TIME);
    }
    time
}

/// As the time zone database spells it.
fn zone(form: &mut Form) -> String {
    form.require("timezone");
    form.zone_name("timezone").unwrap_or_default()
}

fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}
