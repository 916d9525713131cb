use super::{QUARTER_US, Range, Unsound, days, seven_days_to, span, start_of, today};
use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn micros(time: &str) -> i64 {
    time.parse::<Timestamp>().unwrap().as_microsecond()
}

#[test]
fn a_day_begins_where_its_zone_says() {
    for (name, begins) in [
        ("UTC", "2026-01-19T00:00:00Z"),
        ("Asia/Shanghai", "2026-01-18T16:00:00Z"),
        ("Asia/Kolkata", "2026-01-18T18:30:00Z"),
        ("Asia/Kathmandu", "2026-01-18T18:15:00Z"),
        ("America/St_Johns", "2026-01-19T03:30:00Z"),
        ("Pacific/Chatham", "2026-01-18T10:15:00Z"),
    ] {
        let start = start_of(&zone(name), date(2026, 1, 19)).unwrap();
        assert_eq!(start, micros(begins), "{name}");
        assert_eq!(start % QUARTER_US, 0, "{name}");
    }
}

#[test]
fn days_have_23_and_25_hours_when_clocks_change() {
    let zone = zone("Europe/Berlin");
    let quarters = |first, last| -> Vec<i64> {
        let days = days(&zone, first, last).unwrap();
        assert!(days.windows(2).all(|pair| pair[0].end == pair[1].first));
        days.iter().map(|day| day.end - day.first).collect()
    };
    let spring = quarters(date(2026, 3, 28), date(2026, 3, 30));
    assert_eq!(spring, [24 * 4, 23 * 4, 24 * 4]);
    let autumn = quarters(date(2026, 10, 24), date(2026, 10, 26));
    assert_eq!(autumn, [24 * 4, 25 * 4, 24 * 4]);
}

#[test]
fn a_day_without_midnight_begins_at_one() {
    let start = start_of(&zone("Asia/Beirut"), date(2026, 3, 29)).unwrap();
    assert_eq!(start, micros("2026-03-28T22:00:00Z"));
    let days = days(&zone("Asia/Beirut"), date(2026, 3, 29), date(2026, 3, 29)).unwrap();
    assert_eq!(days[0].end - days[0].first, 23 * 4);
}

#[test]
fn today_is_the_zones_own() {
    let now = micros("2026-01-19T17:00:00Z");
    let on = |name| today(&zone(name), now).unwrap();
    assert_eq!(on("UTC"), date(2026, 1, 19));
    assert_eq!(on("Asia/Shanghai"), date(2026, 1, 20));
    assert_eq!(on("Pacific/Honolulu"), date(2026, 1, 19));
}

#[test]
fn an_empty_range_has_no_days_and_the_end_of_time_is_an_error() {
    let zone = zone("UTC");
    assert!(
        days(&zone, date(2026, 1, 2), date(2026, 1, 1))
            .unwrap()
            .is_empty()
    );
    assert!(days(&zone, date(9999, 12, 31), date(9999, 12, 31)).is_err());
}

#[test]
fn a_range_without_dates_is_the_usual_one_that_ends_today() {
    let today = date(2026, 3, 30);
    let range = |first, last| Range::new(first, last, today, 366, seven_days_to).unwrap();
    let from_to = |first, last| Range { first, last };
    assert_eq!(range(None, None), from_to(date(2026, 3, 24), today));
    let last = date(2026, 1, 3);
    assert_eq!(range(None, Some(last)), from_to(date(2025, 12, 28), last));
    let first = date(2026, 3, 29);
    assert_eq!(range(Some(first), None), from_to(first, today));
    // One that begins in the future is that day.
    let future = date(2030, 1, 1);
    assert_eq!(range(Some(future), None), from_to(future, future));
}

#[test]
fn a_range_is_forwards_not_too_long_and_within_time() {
    let today = date(2026, 3, 30);
    let refused =
        |first, last| Range::new(Some(first), Some(last), today, 366, seven_days_to).err();
    let year = date(2024, 1, 1);
    assert_eq!(refused(year, year), None);
    assert_eq!(refused(year, date(2023, 12, 31)), Some(Unsound::Backwards));
    assert_eq!(refused(year, date(2024, 12, 31)), None, "366 days");
    let longer = refused(year, date(2025, 1, 1));
    assert_eq!(longer, Some(Unsound::TooLong(366)));
    for (first, last) in [
        (date(1969, 12, 31), date(1970, 1, 1)),
        (Date::MAX, Date::MAX),
        (Date::MIN, Date::MAX),
    ] {
        assert_eq!(refused(first, last), Some(Unsound::OutOfTime));
    }
}

#[test]
fn a_span_has_the_days_that_are_given() {
    let zone = zone("Asia/Shanghai");
    let day = date(2026, 1, 19);
    let (from, end) = (
        micros("2026-01-18T16:00:00Z"),
        micros("2026-01-19T16:00:00Z"),
    );
    assert_eq!(span(&zone, None, None), Ok((None, None)));
    assert_eq!(span(&zone, Some(day), None), Ok((Some(from), None)));
    assert_eq!(
        span(&zone, Some(day), Some(day)),
        Ok((Some(from), Some(end)))
    );
    let before = Some(date(2026, 1, 18));
    assert_eq!(span(&zone, Some(day), before), Err(Unsound::Backwards));
    assert_eq!(span(&zone, Some(Date::MIN), None), Err(Unsound::OutOfTime));
    assert_eq!(span(&zone, None, Some(Date::MAX)), Err(Unsound::OutOfTime));
}
