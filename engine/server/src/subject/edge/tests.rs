use super::*;
use push_notify_host::Alert;

fn event(kind: &str, action: &str, firing: &[&str]) -> Event {
    let alert = |name: &&str| Alert {
        fingerprint: Some((*name).to_owned()),
        name: "disk full".to_owned(),
        firing: true,
        ..Alert::default()
    };
    Event {
        kind: kind.to_owned(),
        action: Some(action.to_owned()),
        alerts: (kind == "alert").then(|| AlertGroup {
            alerts: firing.iter().map(alert).collect(),
            total: None,
        }),
        ..Event::default()
    }
}

/// Which of the events, a minute apart, are told.
fn told(reminds: bool, minutes: i64, events: &[Event]) -> Vec<bool> {
    let mut known = Known::default();
    let mut at = 0;
    let told = |event: &Event| {
        at += minutes * MINUTE_US;
        let edge = Edge::of(event, reminds);
        let told = edge.is_told(&known, at);
        edge.learn(&mut known, at);
        told
    };
    events.iter().map(told).collect()
}

#[test]
fn a_pipeline_is_told_when_it_breaks_and_when_it_is_mended() {
    for (actions, expected) in [
        ("failed failed failed", "yes no no"),
        ("failed succeeded succeeded", "yes yes no"),
        ("succeeded failed", "no yes"),
        ("started failed started failed", "no yes no no"),
        ("failed canceled failed succeeded", "yes no no yes"),
        ("failed blocked failed", "yes yes no"),
        ("blocked blocked", "yes yes"),
    ] {
        let events: Vec<Event> = actions
            .split(' ')
            .map(|action| event("pipeline", action, &[]))
            .collect();
        let expected: Vec<bool> = expected.split(' ').map(|word| word == "yes").collect();
        assert_eq!(told(false, 1, &events), expected, "{actions}");
    }
}

#[test]
fn an_alert_is_told_when_what_fires_changes() {
    let events = [
        event("alert", "firing", &["a"]),
        event("alert", "firing", &["a"]),
        event("alert", "firing", &["b", "a"]),
        event("alert", "firing", &["a", "b"]),
        event("alert", "firing", &["b"]),
        event("alert", "resolved", &[]),
        event("alert", "resolved", &[]),
        event("alert", "firing", &["a"]),
    ];
    let expected = [true, false, true, false, true, true, false, true];
    assert_eq!(told(false, 600, &events), expected);
    assert_eq!(told(true, 1, &events), expected, "too soon for a reminder");
}

#[test]
fn a_reminder_is_told_again_and_a_resolution_is_not() {
    let firing = event("alert", "firing", &["a"]);
    let resolved = event("alert", "resolved", &[]);
    let events = [firing.clone(), firing, resolved.clone(), resolved];
    assert_eq!(told(true, 240, &events), [true, true, true, false]);
}

#[test]
fn other_events_are_told_each_time() {
    let events = [
        event("merge_request", "updated", &[]),
        event("merge_request", "updated", &[]),
        event("deployment", "failed", &[]),
        event("deployment", "failed", &[]),
    ];
    assert_eq!(told(false, 1, &events), [true; 4]);
}
