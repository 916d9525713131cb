use super::{Hours, WEEK, time_of_day};
use jiff::{Timestamp, civil::Weekday, tz::TimeZone};

fn hours(zone: &str, start: &str, end: &str) -> Hours {
    Hours {
        zone: TimeZone::get(zone).unwrap(),
        start: time_of_day(start).unwrap(),
        end: time_of_day(end).unwrap(),
        days: WEEK.to_vec(),
    }
}

/// The end of those that are on at `now`.
fn until(hours: &Hours, now: &str) -> Option<String> {
    let now: Timestamp = now.parse().unwrap();
    let end = hours.until(now.as_microsecond())?;
    Some(Timestamp::from_microsecond(end).unwrap().to_string())
}

#[track_caller]
fn ends(hours: &Hours, now: &str, end: &str) {
    assert_eq!(until(hours, now).as_deref(), Some(end), "at {now}");
}

#[track_caller]
fn is_off(hours: &Hours, now: &str) {
    assert_eq!(until(hours, now), None, "at {now}");
}

#[test]
fn hours_of_one_day_begin_and_end_on_it() {
    let noon = hours("UTC", "12:00", "13:30");
    is_off(&noon, "2026-01-19T11:59:59.999999Z");
    ends(&noon, "2026-01-19T12:00:00Z", "2026-01-19T13:30:00Z");
    ends(&noon, "2026-01-19T13:29:59.999999Z", "2026-01-19T13:30:00Z");
    is_off(&noon, "2026-01-19T13:30:00Z");
}

#[test]
fn hours_over_midnight_end_on_the_next_day_of_their_zone() {
    let night = hours("Asia/Shanghai", "22:00", "08:00");
    is_off(&night, "2026-01-19T13:59:59Z");
    ends(&night, "2026-01-19T14:00:00Z", "2026-01-20T00:00:00Z");
    ends(&night, "2026-01-19T16:30:00Z", "2026-01-20T00:00:00Z");
    is_off(&night, "2026-01-20T00:00:00Z");
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let mut night = hours("UTC", "22:00", "08:00");
    night.days = vec![Weekday::Friday];
    // The 23rd is a Friday.
    is_off(&night, "2026-01-23T07:00:00Z");
    ends(&night, "2026-01-23T23:00:00Z", "2026-01-24T08:00:00Z");
    ends(&night, "2026-01-24T07:59:00Z", "2026-01-24T08:00:00Z");
    is_off(&night, "2026-01-24T23:00:00Z");
}

#[test]
fn the_same_time_twice_is_a_whole_day_and_days_in_a_row_are_one() {
    let mut weekend = hours("Europe/Berlin", "00:00", "00:00");
    weekend.days = vec![Weekday::Saturday, Weekday::Sunday];
    is_off(&weekend, "2026-01-23T22:59:59Z");
    ends(&weekend, "2026-01-23T23:00:00Z", "2026-01-25T23:00:00Z");
    ends(&weekend, "2026-01-25T22:59:59Z", "2026-01-25T23:00:00Z");
    is_off(&weekend, "2026-01-25T23:00:00Z");
    assert!(!weekend.is_always());
    weekend.days = WEEK.to_vec();
    assert!(weekend.is_always());
    assert!(until(&weekend, "2026-01-23T23:00:00Z").is_some());
}

#[test]
fn a_night_is_shorter_or_longer_where_clocks_are_put_forward_or_back() {
    let night = hours("Europe/Berlin", "22:00", "06:00");
    // Nine hours of the clock, eight hours of time.
    ends(&night, "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z");
    is_off(&night, "2026-03-29T04:00:00Z");
    ends(&night, "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z");
    ends(&night, "2026-10-25T04:59:00Z", "2026-10-25T05:00:00Z");
}

#[test]
fn a_time_that_clocks_leave_out_or_show_twice_is_one_time() {
    // 02:30 is left out on the 29th of March, and there twice on the 25th of October.
    let to_the_gap = hours("Europe/Berlin", "22:00", "02:30");
    ends(&to_the_gap, "2026-03-29T01:15:00Z", "2026-03-29T01:30:00Z");
    ends(&to_the_gap, "2026-10-25T00:15:00Z", "2026-10-25T00:30:00Z");
    is_off(&to_the_gap, "2026-10-25T01:15:00Z");
    let from_the_gap = hours("Europe/Berlin", "02:30", "06:00");
    is_off(&from_the_gap, "2026-03-29T01:29:59Z");
    ends(
        &from_the_gap,
        "2026-03-29T01:30:00Z",
        "2026-03-29T04:00:00Z",
    );
    ends(
        &from_the_gap,
        "2026-10-25T00:30:00Z",
        "2026-10-25T05:00:00Z",
    );
}

#[test]
fn a_time_of_day_has_two_digits_and_two_digits() {
    assert!(time_of_day("00:00").is_some());
    assert!(time_of_day("23:59").is_some());
    for text in [
        "",
        "7:00",
        "24:00",
        "23:60",
        "22:00:00",
        "+1:00",
        "22.00",
        "２２:00",
        "22:0",
    ] {
        assert!(time_of_day(text).is_none(), "{text}");
    }
}
