use super::Span;
use crate::push::Stats;
use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};
use serde_json::Value;

/// A Wednesday; in Shanghai it is Thursday already.
const NOW: &str = "2026-04-01T20:00:00Z";

fn span(zone: &str, first: Option<Date>, last: Option<Date>) -> Span {
    let now = NOW.parse::<Timestamp>().unwrap().as_microsecond();
    Span::new(&TimeZone::get(zone).unwrap(), now, first, last).unwrap()
}

/// Each day has as many pushes as its number in the month, of which one failed.
fn shown(span: &Span) -> Value {
    let counts: Vec<Stats> = span
        .days
        .iter()
        .map(|day| {
            let total = i64::from(day.date.day());
            Stats {
                total,
                success: total - 1,
                failed: 1,
            }
        })
        .collect();
    serde_json::to_value(span.report(&counts)).unwrap()
}

#[test]
fn a_week_begins_on_monday_and_a_month_on_its_first() {
    let shown = shown(&span("UTC", None, None));
    assert_eq!(shown["today"]["total"], 1);
    assert_eq!(shown["this_week"]["total"], 30 + 31 + 1);
    assert_eq!(shown["this_week"]["failed"], 3);
    assert_eq!(shown["this_week"]["rate"], 95.2);
    assert_eq!(shown["this_month"]["total"], 1);
}

#[test]
fn the_zone_decides_what_today_is() {
    let shown = shown(&span("Asia/Shanghai", None, None));
    assert_eq!(shown["today"]["total"], 2);
    assert_eq!(shown["this_month"]["total"], 1 + 2);
}

#[test]
fn a_trend_has_the_last_seven_days_or_those_that_are_named() {
    let dates = |span: &Span| -> Vec<String> {
        let shown = shown(span);
        let trend = shown["trend"].as_array().unwrap();
        trend
            .iter()
            .map(|day| day["date"].as_str().unwrap().to_owned())
            .collect()
    };
    let usual = dates(&span("UTC", None, None));
    assert_eq!(usual.len(), 7);
    assert_eq!(usual[0], "2026-03-26");
    assert_eq!(usual[6], "2026-04-01");
    let named = span("UTC", Some(date(2024, 2, 28)), Some(date(2024, 3, 1)));
    assert_eq!(dates(&named), ["2024-02-28", "2024-02-29", "2024-03-01"]);
    let until = span("UTC", None, Some(date(2026, 1, 3)));
    assert_eq!(dates(&until)[0], "2025-12-28");
    let since = span("UTC", Some(date(2026, 3, 31)), None);
    assert_eq!(dates(&since), ["2026-03-31", "2026-04-01"]);
}

#[test]
fn no_day_is_counted_twice() {
    let span = span("UTC", Some(date(2026, 3, 30)), Some(date(2026, 4, 2)));
    assert!(span.days.windows(2).all(|pair| pair[0].date < pair[1].date));
    assert_eq!(shown(&span)["this_week"]["total"], 30 + 31 + 1);
}
