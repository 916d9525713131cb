use super::{json, receive};
use push_notify_sdk::{Rejection, Severity};

#[test]
fn both_forms_tell_the_same() {
    for (own, cloud) in [
        ("artifact.pushed.json", "cloudevents.pushed.json"),
        (
            "scan.completed_critical.json",
            "cloudevents.scan_completed.json",
        ),
        ("replication.succeeded.json", "cloudevents.replication.json"),
    ] {
        let one = receive(&json(own)).unwrap().events.remove(0);
        let cloud = receive(&json(cloud)).unwrap();
        assert!(cloud.id.is_some());
        let other = &cloud.events[0];
        assert_eq!(other.happened_at.as_deref(), Some("2026-11-09T08:30:11Z"));
        let same = push_notify_sdk::Event {
            happened_at: None,
            ..other.clone()
        };
        assert_eq!(one, same, "{own}");
    }
}

#[test]
fn each_severity_is_one_and_none_resolves() {
    let scan = |word: &str| {
        let mut body = json("scan.completed_critical.json");
        let overview = &mut body["event_data"]["resources"][0]["scan_overview"];
        let report = overview
            .as_object_mut()
            .unwrap()
            .values_mut()
            .next()
            .unwrap();
        report["severity"] = word.into();
        receive(&body).map(|mut delivery| delivery.events.remove(0))
    };
    for (word, severity) in [
        ("Critical", Some(Severity::Critical)),
        ("High", Some(Severity::High)),
        ("Medium", Some(Severity::Medium)),
        ("Low", Some(Severity::Low)),
        ("Unknown", Some(Severity::Info)),
        ("None", None),
        ("Negligible", None),
    ] {
        let event = scan(word).unwrap();
        assert_eq!(event.severity, severity, "{word}");
        let state = if severity.is_some() {
            "firing"
        } else {
            "resolved"
        };
        assert_eq!(event.state.as_deref(), Some(state), "{word}");
        assert_eq!(
            event.subject.as_deref(),
            Some("scan:orchard/pear-scale:1.2.0")
        );
    }
    let reason = "severity Dreadful is of no interest".to_owned();
    assert_eq!(scan("Dreadful"), Err(Rejection::Ignored(reason)));
}

#[test]
fn a_scan_has_one_subject_however_it_ends() {
    for file in [
        "scan.completed_critical.json",
        "scan.failed.json",
        "scan.stopped.json",
    ] {
        let event = receive(&json(file)).unwrap().events.remove(0);
        assert_eq!(
            event.subject.as_deref(),
            Some("scan:orchard/pear-scale:1.2.0")
        );
    }
}

#[test]
fn of_many_artifacts_each_is_an_event_within_bounds() {
    let mut body = json("artifact.pushed.json");
    let resource = body["event_data"]["resources"][0].clone();
    body["event_data"]["resources"] = serde_json::json!(vec![resource; 1000]);
    assert_eq!(receive(&body).unwrap().events.len(), 32);
}

#[test]
fn what_is_of_no_interest_is_named() {
    for kind in ["PULL_ARTIFACT", "harbor.artifact.pulled", "<b>"] {
        let expected = Rejection::Ignored(format!("event {kind} is of no interest"));
        let told = receive(&serde_json::json!({"type": kind, "event_data": {}}));
        assert_eq!(told, Err(expected));
    }
}
