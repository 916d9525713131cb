use super::{fixture, receive, receive_with};
use push_notify_sdk::{Rejection, testing::is_malformed as malformed};
use serde_json::{Value, json};

#[test]
fn each_ref_that_a_push_moves_is_an_event() {
    let events = receive("repo:push", &fixture("repo_push.several.json"))
        .unwrap()
        .events;
    let told = events
        .iter()
        .map(|event| (&*event.kind, event.ref_.as_deref()));
    let expected = [
        ("push", Some("refs/heads/main")),
        ("tag_push", Some("refs/tags/v1.3.0")),
    ];
    assert!(told.eq(expected));
}

#[test]
fn a_push_of_many_refs_and_commits_is_bounded() {
    let mut body = fixture("repo_push.branch.json");
    let change = body["push"]["changes"][0].clone();
    let commit = json!({"hash": "a", "message": "x".repeat(12_000)});
    body["push"]["changes"] = json!(vec![change; 50]);
    body["push"]["changes"][0]["commits"] = json!(vec![commit; 1000]);
    let events = receive("repo:push", &body).unwrap().events;
    assert_eq!((events.len(), events[0].total_commits), (32, Some(1000)));
    assert_eq!(events[0].commits.len(), 100);
}

#[test]
fn the_delivery_id_is_the_requests() {
    let body = fixture("repo_push.branch.json").to_string();
    let id = |headers: &[(&str, &str)]| {
        let headers = [&[("x-event-key", "repo:push")], headers].concat();
        receive_with(&headers, body.as_bytes()).unwrap().id
    };
    let again = [("x-request-uuid", "a"), ("x-attempt-number", "2")];
    assert_eq!(id(&again).as_deref(), Some("a"));
    assert_eq!(id(&[("x-request-uuid", "")]), None);
    assert_eq!(id(&[]), None);
}

#[test]
fn a_delivery_without_a_key_is_malformed() {
    assert!(malformed(&receive_with(&[], b"{}")));
    assert!(malformed(&receive_with(&[("x-event-key", "")], b"{}")));
}

#[test]
fn what_is_of_no_interest_is_named() {
    for key in ["pullrequest:unapproved", "repo:fork", "project:updated"] {
        let expected = Rejection::Ignored(format!("event {key} is of no interest"));
        assert_eq!(receive(key, &json!({})), Err(expected));
    }
}

#[test]
fn all_events_about_one_thing_have_its_subject() {
    let subject = |key: &str, file: &str| {
        let mut events = receive(key, &fixture(file)).unwrap().events;
        events.remove(0).subject.unwrap()
    };
    for (key, file) in [
        ("pullrequest:created", "pullrequest_created.opened.json"),
        ("pullrequest:fulfilled", "pullrequest_fulfilled.merged.json"),
        (
            "pullrequest:comment_created",
            "pullrequest_comment_created.created.json",
        ),
    ] {
        assert_eq!(subject(key, file), "merge_request:42");
    }
    for (key, file) in [
        ("issue:created", "issue_created.opened.json"),
        (
            "issue:comment_created",
            "issue_comment_created.created.json",
        ),
    ] {
        assert_eq!(subject(key, file), "issue:7");
    }
    let update = "repo:commit_status_updated";
    let failed = subject(update, "repo_commit_status_updated.failed.json");
    assert_eq!(
        failed,
        subject(update, "repo_commit_status_updated.succeeded.json")
    );
    assert_eq!(failed, "pipeline:pear-build@main");
}

#[test]
fn each_part_that_an_event_needs_is_asked_for() {
    let whole = fixture("pullrequest_created.opened.json");
    for path in [
        "/repository",
        "/repository/full_name",
        "/pullrequest",
        "/pullrequest/id",
        "/pullrequest/source",
        "/pullrequest/destination/branch",
    ] {
        let mut payload = whole.clone();
        *payload.pointer_mut(path).unwrap() = Value::Null;
        let result = receive("pullrequest:created", &payload);
        assert!(malformed(&result), "{path}: {result:?}");
    }
}

#[test]
fn a_name_is_what_git_has_whatever_it_holds() {
    let author = |raw: &str| {
        let mut body = fixture("repo_push.branch.json");
        body["push"]["changes"][0]["commits"][0]["author"] = json!({ "raw": raw });
        let event = receive("repo:push", &body).unwrap().events.remove(0);
        let author = event.commits.last().unwrap().author.clone();
        author.map(|author| (author.name, author.email))
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        author("A B <a@b.example>"),
        Some((text("A B"), text("a@b.example")))
    );
    assert_eq!(author("<a@b.example>"), Some((None, text("a@b.example"))));
    assert_eq!(
        author("A <B> <a@b.example>"),
        Some((text("A <B>"), text("a@b.example")))
    );
    assert_eq!(author("A <a@b"), Some((text("A"), None)));
    assert_eq!(author(""), None);
}
