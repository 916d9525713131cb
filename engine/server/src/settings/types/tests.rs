use super::Settings;
use jiff::Timestamp;

fn micros(time: &str) -> i64 {
    time.parse::<Timestamp>().unwrap().as_microsecond()
}

#[test]
fn quiet_hours_are_by_the_clocks_of_the_user() {
    let mut settings = Settings::default();
    settings.preferences.timezone = "America/New_York".to_owned();
    let evening = micros("2026-01-20T03:30:00Z");
    assert_eq!(settings.quiet_until(evening), None, "they are off");
    settings.notify.quiet_hours.enabled = true;
    assert_eq!(
        settings.quiet_until(evening),
        Some(micros("2026-01-20T13:00:00Z"))
    );
    assert_eq!(settings.quiet_until(micros("2026-01-20T13:00:00Z")), None);
}
