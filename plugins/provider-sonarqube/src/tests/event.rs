use super::{json, receive};
use push_notify_sdk::Rejection;

#[test]
fn each_branch_and_pull_request_has_its_subject() {
    for (file, subject, branch) in [
        (
            "gate.passed.json",
            "pipeline:pear-ledger@main",
            Some("main"),
        ),
        (
            "gate.failed.json",
            "pipeline:pear-ledger@main",
            Some("main"),
        ),
        (
            "gate.pull_request.json",
            "pipeline:pear-ledger@pull request 42",
            None,
        ),
        ("gate.sparse.json", "pipeline:pear-ledger", None),
    ] {
        let event = receive(&json(file)).unwrap();
        assert_eq!(event.subject.as_deref(), Some(subject), "{file}");
        assert_eq!(event.branch.as_deref(), branch, "{file}");
    }
}

#[test]
fn what_failed_is_shown_first() {
    let event = receive(&json("gate.failed.json")).unwrap();
    let fields = event.fields.iter();
    let fields: Vec<_> = fields.map(|field| (&*field.name, &*field.value)).collect();
    let expected = [
        ("new_coverage", "ERROR: 62.5, fails if < 80"),
        ("new_security_rating", "OK: 1, fails if > 1"),
    ];
    assert_eq!(fields, expected);
}

#[test]
fn no_more_conditions_are_shown_than_an_event_has_room_for() {
    let mut body = json("gate.failed.json");
    let condition = body["qualityGate"]["conditions"][0].clone();
    body["qualityGate"]["conditions"] = serde_json::json!(vec![condition; 1000]);
    assert_eq!(receive(&body).unwrap().fields.len(), 32);
}

#[test]
fn what_is_of_no_interest_is_named() {
    let mut body = json("gate.passed.json");
    body["qualityGate"]["status"] = "NONE".into();
    let reason = "quality gate status NONE is of no interest".to_owned();
    assert_eq!(receive(&body), Err(Rejection::Ignored(reason)));
    body["status"] = "PENDING".into();
    let reason = "status PENDING is of no interest".to_owned();
    assert_eq!(receive(&body), Err(Rejection::Ignored(reason)));
}

#[test]
fn a_change_of_the_gate_has_its_own_time() {
    let mut body = json("gate.passed.json");
    let at = |body: &serde_json::Value| receive(body).unwrap().happened_at;
    assert_eq!(at(&body).as_deref(), Some("2026-11-09T09:30:11+01:00"));
    body["changedAt"] = "2026-11-10T09:30:11+0100".into();
    assert_eq!(at(&body).as_deref(), Some("2026-11-10T09:30:11+01:00"));
}
