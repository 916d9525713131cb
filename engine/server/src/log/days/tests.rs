use super::*;
use jiff::civil::date;

/// 2026-03-30T23:30:00Z
const NOW: Micros = 1_774_913_400_000_000;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

#[test]
fn the_default_is_the_last_seven_days_of_the_zone() {
    let utc = days(&TimeZone::UTC, None, None, NOW).unwrap();
    assert_eq!(utc.len(), 7);
    assert_eq!(utc[6].date, date(2026, 3, 30));
    // Seven hours later it is tomorrow there.
    let shanghai = days(&zone("Asia/Shanghai"), None, None, NOW).unwrap();
    assert_eq!(shanghai[6].date, date(2026, 3, 31));
}

#[test]
fn a_range_is_forwards_and_at_most_a_year() {
    let range = |first, last| days(&TimeZone::UTC, Some(first), Some(last), NOW);
    // Without an end, one that begins in the future is that day.
    let future = days(&TimeZone::UTC, Some(date(2030, 1, 1)), None, NOW);
    assert_eq!(future.unwrap().len(), 1);
    let newer = date(2026, 1, 2);
    let older = date(2026, 1, 1);
    assert_eq!(range(newer, older), Err(BadRange::Backwards));
    assert_eq!(range(older, older).unwrap().len(), 1);
    assert_eq!(range(older, date(2027, 1, 1)).unwrap().len(), 366);
    assert_eq!(range(older, date(2027, 1, 2)), Err(BadRange::TooLong));
    assert_eq!(range(Date::MIN, Date::MAX), Err(BadRange::TooLong));
    assert_eq!(range(Date::MAX, Date::MAX), Err(BadRange::OutOfTime));
}
