use super::message;
use crate::event::{Event, PageFor, of, severity};
use push_notify_sdk::{Message, Severity};

fn told(kind: &str, action: &str, state: &str) -> Message {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Message {
        kind: given(kind),
        action: given(action),
        state: given(state),
        subject: Some("subject".to_owned()),
        ..message("t", "b")
    }
}

#[test]
fn trouble_opens_an_alert_and_its_end_closes_it() {
    for (kind, action, state, event) in [
        ("alert", "firing", "firing", Event::Trigger),
        ("alert", "resolved", "resolved", Event::Resolve),
        ("pipeline", "failed", "failed", Event::Trigger),
        ("pipeline", "succeeded", "succeeded", Event::Resolve),
        ("pipeline", "started", "running", Event::Change),
        ("deployment", "blocked", "blocked", Event::Trigger),
        ("deployment", "canceled", "canceled", Event::Change),
        ("merge_request", "merged", "merged", Event::Change),
        ("merge_request", "closed", "closed", Event::Change),
        ("push", "", "", Event::Change),
        ("", "", "", Event::Change),
    ] {
        let message = told(kind, action, state);
        assert_eq!(of(&message, PageFor::Trouble), event, "{kind} {action}");
    }
}

#[test]
fn without_a_subject_nothing_is_closed() {
    let message = Message {
        subject: None,
        ..told("alert", "resolved", "resolved")
    };
    assert_eq!(of(&message, PageFor::Trouble), Event::Change);
}

#[test]
fn what_is_severe_is_trouble_whatever_its_kind() {
    for (given, event, told_as) in [
        (Severity::Critical, Event::Trigger, "critical"),
        (Severity::High, Event::Trigger, "error"),
        (Severity::Medium, Event::Trigger, "warning"),
        (Severity::Low, Event::Change, "info"),
        (Severity::Info, Event::Change, "info"),
    ] {
        let message = Message {
            severity: Some(given),
            ..told("push", "", "")
        };
        assert_eq!(of(&message, PageFor::Trouble), event, "{given:?}");
        assert_eq!(of(&message, PageFor::Everything), Event::Trigger);
        assert_eq!(severity(&message), told_as);
    }
    assert_eq!(severity(&told("pipeline", "failed", "")), "error");
    assert_eq!(severity(&told("push", "", "")), "info");
}
