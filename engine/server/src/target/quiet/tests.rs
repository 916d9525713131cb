use super::{Day, QuietHours};
use jiff::Timestamp;
use push_notify_review::Severity;

fn micros(time: &str) -> i64 {
    time.parse::<Timestamp>().unwrap().as_microsecond()
}

fn night(unless_severity: Option<Severity>) -> QuietHours {
    QuietHours {
        enabled: true,
        start: "22:00".to_owned(),
        end: "08:00".to_owned(),
        timezone: "Asia/Shanghai".to_owned(),
        days: Some(vec![Day::Monday, Day::Sunday]),
        unless_severity,
    }
}

/// A Monday evening in Shanghai.
const MONDAY: &str = "2026-01-19T15:00:00Z";

#[test]
fn what_is_severe_enough_does_not_wait() {
    let now = micros(MONDAY);
    let end = Some(micros("2026-01-20T00:00:00Z"));
    let quiet = night(Some(Severity::High)).in_force().unwrap();
    assert_eq!(quiet.until(now, None), end);
    assert_eq!(quiet.until(now, Some(Severity::Low)), end);
    assert_eq!(quiet.until(now, Some(Severity::Medium)), end);
    assert_eq!(quiet.until(now, Some(Severity::High)), None);
    assert_eq!(quiet.until(now, Some(Severity::Critical)), None);
    let strict = night(None).in_force().unwrap();
    assert_eq!(strict.until(now, Some(Severity::Critical)), end);
}

#[test]
fn days_are_days_of_the_zone() {
    let quiet = night(None).in_force().unwrap();
    let tuesday = micros("2026-01-20T15:00:00Z");
    assert_eq!(quiet.until(tuesday, None), None);
    // Already Monday there.
    let early = micros("2026-01-18T17:00:00Z");
    assert_eq!(
        quiet.until(early, None),
        Some(micros("2026-01-19T00:00:00Z"))
    );
}

#[test]
fn what_is_switched_off_is_not_in_force() {
    let mut off = night(None);
    off.enabled = false;
    assert_eq!(off.in_force(), None);
}

#[test]
fn what_is_stored_is_read_as_it_was() {
    let night = night(Some(Severity::Critical));
    let json = serde_json::to_string(&night).unwrap();
    assert_eq!(QuietHours::from_stored(Some(&json)).unwrap(), Some(night));
    assert_eq!(QuietHours::from_stored(None).unwrap(), None);
}

#[test]
fn days_have_the_names_that_the_api_lists() {
    for (index, name) in Day::NAMES.into_iter().enumerate() {
        let day: Day = serde_json::from_value(name.into()).unwrap();
        assert_eq!(day as usize, index, "{name}");
    }
}
