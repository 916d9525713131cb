use super::{json, receive};
use push_notify_sdk::{Rejection, Severity};

#[test]
fn all_events_about_an_issue_have_its_subject() {
    for (resource, file) in [
        ("issue", "issue.created.json"),
        ("issue", "issue.resolved.json"),
        ("error", "error.created.json"),
        ("event_alert", "event_alert.triggered.json"),
        ("comment", "comment.created.json"),
        ("", "legacy.event.json"),
    ] {
        let event = receive(resource, &json(file)).unwrap();
        assert_eq!(event.subject.as_deref(), Some("issue:1170820242"), "{file}");
        assert_eq!(event.repository.full_name, "pear-scale", "{file}");
    }
    for file in ["metric_alert.critical.json", "metric_alert.resolved.json"] {
        let event = receive("metric_alert", &json(file)).unwrap();
        assert_eq!(event.subject.as_deref(), Some("metric_alert:19"));
    }
}

#[test]
fn each_level_is_a_severity() {
    for (level, severity) in [
        ("fatal", Some(Severity::Critical)),
        ("error", Some(Severity::High)),
        ("warning", Some(Severity::Medium)),
        ("info", Some(Severity::Info)),
        ("debug", Some(Severity::Info)),
        ("梨", None),
    ] {
        let mut body = json("event_alert.triggered.json");
        body["data"]["event"]["level"] = level.into();
        assert_eq!(receive("event_alert", &body).unwrap().severity, severity);
    }
}

#[test]
fn what_is_of_no_interest_is_named() {
    for (resource, action, reason) in [
        (
            "installation",
            "created",
            "resource installation is of no interest",
        ),
        ("seer", "x", "resource seer is of no interest"),
        ("issue", "weighed", "issue action weighed is of no interest"),
        ("error", "weighed", "error action weighed is of no interest"),
    ] {
        let body = serde_json::json!({"action": action, "data": {}});
        let expected = Err(Rejection::Ignored(reason.to_owned()));
        assert_eq!(receive(resource, &body), expected);
    }
}

#[test]
fn a_title_is_one_line_and_labels_have_no_double() {
    let mut body = json("event_alert.triggered.json");
    body["data"]["event"]["title"] = "Off\nby <b>one</b>".into();
    body["data"]["event"]["tags"] = serde_json::json!([
        ["level", "other"],
        ["a", "1"],
        ["a", "2"],
        ["", "3"],
        ["b", null],
    ]);
    let event = receive("event_alert", &body).unwrap();
    assert_eq!(event.title.as_deref(), Some("Off"));
    let labels = event.labels.iter();
    let labels: Vec<_> = labels.map(|label| (&*label.name, &*label.value)).collect();
    let expected = [
        ("environment", "production"),
        ("release", "pear@1.2.0"),
        ("level", "error"),
        ("a", "1"),
    ];
    assert_eq!(labels, expected);
}
