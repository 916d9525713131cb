use super::{json, receive};
use crate::Jenkins;
use push_notify_sdk::{
    Rejection,
    testing::conformance::provider::{deliver, fixture},
};

#[test]
fn each_status_is_a_state() {
    let build = |status: &str| {
        receive(&serde_json::json!({"job": "pears", "number": "7", "status": status}))
    };
    for (status, state) in [
        ("STARTED", "running"),
        ("SUCCESS", "succeeded"),
        ("success", "succeeded"),
        ("FAILURE", "failed"),
        ("UNSTABLE", "failed"),
        ("ABORTED", "canceled"),
    ] {
        let event = build(status).unwrap();
        assert_eq!(event.state.as_deref(), Some(state), "{status}");
    }
    for status in ["NOT_BUILT", "<b>"] {
        let reason = format!("status {status} is of no interest");
        assert_eq!(build(status), Err(Rejection::Ignored(reason)));
    }
}

#[test]
fn a_phase_that_changes_nothing_is_ignored() {
    let mut body = json("notified.completed.json");
    body["build"]["phase"] = "QUEUED".into();
    let reason = "phase QUEUED is of no interest".to_owned();
    assert_eq!(receive(&body), Err(Rejection::Ignored(reason)));
}

#[test]
fn the_two_ends_of_a_build_are_one_effect() {
    let effect = |file: &str| {
        let delivery = deliver::<Jenkins>("jenkins", &fixture::<Jenkins>(file));
        delivery.unwrap().effect
    };
    let completed = effect("notified.completed.json").unwrap();
    let finalized = effect("notified.finalized.json").unwrap();
    assert_eq!(completed.key, finalized.key);
    assert_ne!(completed.source, finalized.source);
    assert_eq!(effect("notified.started.json"), None);
}

#[test]
fn a_job_of_a_branch_is_known_however_it_is_told_of() {
    for (file, subject) in [
        ("notified.completed.json", "pipeline:orchard/pears@main"),
        ("notified.started.json", "pipeline:orchard/pears@main"),
        (
            "notified.of_a_branch.json",
            "pipeline:orchard/pears@feature/boxes",
        ),
        (
            "plain.of_a_branch.json",
            "pipeline:orchard/pears@feature/boxes",
        ),
        ("outbound.success.json", "pipeline:orchard/pears@main"),
        ("plain.failed.json", "pipeline:nightly"),
    ] {
        let event = receive(&json(file)).unwrap();
        assert_eq!(event.subject.as_deref(), Some(subject), "{file}");
    }
}
