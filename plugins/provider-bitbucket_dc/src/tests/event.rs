use super::{fixture, receive, receive_with};
use push_notify_sdk::{Rejection, testing::is_malformed as malformed};
use serde_json::{Value, json};

#[test]
fn a_ping_is_answered_and_what_is_of_no_interest_named() {
    let ping = receive("diagnostics:ping", &json!({"test": true}));
    assert_eq!(ping, Err(Rejection::Ignored("ping".to_owned())));
    for key in [
        "pr:reviewer:unapproved",
        "repo:forked",
        "mirror:repo_synchronized",
    ] {
        let expected = Rejection::Ignored(format!("event {key} is of no interest"));
        assert_eq!(receive(key, &json!({})), Err(expected));
    }
}

#[test]
fn the_delivery_id_is_the_requests() {
    let body = fixture("repo-refs_changed.branch.json").to_string();
    let id = |headers: &[(&str, &str)]| {
        let headers = [&[("x-event-key", "repo:refs_changed")], headers].concat();
        receive_with(&headers, body.as_bytes()).unwrap().id
    };
    assert_eq!(id(&[("x-request-id", "a")]).as_deref(), Some("a"));
    assert_eq!(id(&[("x-request-id", "")]), None);
    assert_eq!(id(&[]), None);
    assert!(malformed(&receive_with(&[], body.as_bytes())));
}

#[test]
fn all_events_about_a_pull_request_have_its_subject() {
    for (key, file) in [
        ("pr:opened", "pr-opened.opened.json"),
        ("pr:merged", "pr-merged.merged.json"),
        ("pr:comment:added", "pr-comment-added.added.json"),
    ] {
        let event = receive(key, &fixture(file)).unwrap().events.remove(0);
        assert_eq!(event.subject.as_deref(), Some("merge_request:11"));
    }
}

#[test]
fn each_part_that_an_event_needs_is_asked_for() {
    let whole = fixture("pr-opened.opened.json");
    for path in [
        "/pullRequest",
        "/pullRequest/id",
        "/pullRequest/fromRef",
        "/pullRequest/toRef",
        "/pullRequest/toRef/repository",
        "/pullRequest/toRef/repository/slug",
        "/pullRequest/toRef/repository/project/key",
    ] {
        let mut payload = whole.clone();
        *payload.pointer_mut(path).unwrap() = Value::Null;
        let result = receive("pr:opened", &payload);
        assert!(malformed(&result), "{path}: {result:?}");
    }
}

#[test]
fn a_push_of_many_refs_and_commits_is_bounded() {
    let mut body = fixture("repo-refs_changed.branch.json");
    let commit = json!({"id": "a", "message": "x".repeat(12_000)});
    body["commits"] = json!(vec![commit; 1000]);
    let event = receive("repo:refs_changed", &body)
        .unwrap()
        .events
        .remove(0);
    assert_eq!(
        (event.commits.len(), event.total_commits),
        (100, Some(1000))
    );
    body["changes"] = json!(vec![body["changes"][0].clone(); 50]);
    let events = receive("repo:refs_changed", &body).unwrap().events;
    // Of which of them the commits are, nobody says.
    assert_eq!((events.len(), events[0].commits.len()), (32, 0));
}

#[test]
fn a_time_is_one_of_the_internet() {
    for (sent, expected) in [
        ("2026-11-09T08:45:32+1000", "2026-11-09T08:45:32+10:00"),
        ("2026-11-09T08:45:32-0230", "2026-11-09T08:45:32-02:30"),
        ("2026-11-09T08:45:32+10:00", "2026-11-09T08:45:32+10:00"),
        ("2026-11-09T08:45:32Z", "2026-11-09T08:45:32Z"),
        ("梨", "梨"),
    ] {
        let mut body = fixture("repo-refs_changed.branch.json");
        body["date"] = json!(sent);
        let event = receive("repo:refs_changed", &body)
            .unwrap()
            .events
            .remove(0);
        assert_eq!(event.happened_at.as_deref(), Some(expected));
    }
}
