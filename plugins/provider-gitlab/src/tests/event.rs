use super::{SECRET, fixture, receive, receive_with, webhook};
use push_notify_sdk::testing::outcome;
use serde_json::{Value, json};

#[test]
fn the_delivery_id_is_the_one_that_stays_when_gitlab_tries_again() {
    let body = fixture("push.branch.json");
    let id = |more: &[(&str, &str)]| {
        let headers = [&[("x-gitlab-token", SECRET)], more].concat();
        receive_with(SECRET, webhook(&headers, &body)).unwrap().id
    };
    let key = ("idempotency-key", "f5e57ebe-0000-4000-8000-000000000001");
    assert_eq!(id(&[key]).as_deref(), Some(key.1));
    assert_eq!(
        id(&[("webhook-id", "msg-1"), key]).as_deref(),
        Some("msg-1")
    );
    assert_eq!(id(&[("webhook-id", ""), key]).as_deref(), Some(key.1));
    let of_the_attempt = ("x-gitlab-webhook-uuid", "1");
    let of_the_action = ("x-gitlab-event-uuid", "2");
    assert_eq!(id(&[of_the_attempt, of_the_action]), None);
}

#[test]
fn the_body_says_what_it_is_and_the_header_only_when_it_does_not() {
    let push = fixture("push.branch.json");
    for event in ["Push Hook", "System Hook", "Note Hook", "Service Hook", ""] {
        assert_eq!(
            receive(event, &push).unwrap().events[0].kind,
            "push",
            "{event}"
        );
    }
    let mut body: Value = serde_json::from_slice(&push).unwrap();
    body["object_kind"] = Value::Null;
    body["event_name"] = json!("");
    let body = body.to_string();
    let unnamed = |event: &str| outcome("gitlab", &receive(event, body.as_bytes()));
    assert_eq!(unnamed("Push Hook")["kind"], "push");
    assert_eq!(
        unnamed("Wiki Page Hook")["ignored"],
        "event Wiki Page Hook is of no interest"
    );
    assert!(unnamed("")["malformed"].is_string());
}

#[test]
fn the_total_is_never_less_than_what_is_listed() {
    let mut push: Value = serde_json::from_slice(&fixture("push.branch.json")).unwrap();
    let mut total = |count: Value| {
        push["total_commits_count"] = count;
        let delivery = receive("Push Hook", push.to_string().as_bytes());
        delivery.unwrap().events[0].total_commits
    };
    assert_eq!(total(json!(1)), Some(3));
    assert_eq!(total(Value::Null), Some(3));
    assert_eq!(total(json!(4_000_000)), Some(4_000_000));
}

#[test]
fn a_gitlab_without_ids_of_users_names_the_author() {
    let author = |user: Value, action: &str, writer: Value| {
        let mut body = json!({
            "object_kind": "merge_request", "user": user,
            "project": {"path_with_namespace": "a/b"},
            "object_attributes": {
                "iid": 1, "title": "t", "action": action, "source_branch": "s", "target_branch": "main",
                "author_id": 7, "oldrev": "7be27be2",
                "last_commit": {"id": "51de2b83", "author": {"name": "Writer", "email": "w@example.com"}},
            },
        });
        if writer.is_null() {
            body["object_attributes"]["last_commit"]["author"] = writer;
        }
        let delivery = receive("Merge Request Hook", body.to_string().as_bytes()).unwrap();
        let author = delivery.events[0].merge_request.clone().unwrap().author?;
        author.name
    };
    let mei = |id: Value| json!({"id": id, "name": "Mei", "username": "mei"});
    let old = || json!({"name": "Mei", "username": "mei"});
    for (user, action, writer, expected) in [
        (old(), "open", json!(true), Some("Mei")),
        (old(), "open", Value::Null, Some("Mei")),
        (mei(Value::Null), "open", json!(true), Some("Mei")),
        (old(), "update", json!(true), Some("Writer")),
        (old(), "merge", json!(true), Some("Writer")),
        (old(), "close", Value::Null, None),
        (mei(json!(7)), "open", json!(true), Some("Mei")),
        (mei(json!(7)), "merge", json!(true), Some("Mei")),
        (mei(json!(8)), "merge", json!(true), None),
        (mei(json!(8)), "open", json!(true), None),
        (Value::Null, "merge", json!(true), Some("Writer")),
        (Value::Null, "open", Value::Null, None),
    ] {
        let told = author(user.clone(), action, writer);
        assert_eq!(told.as_deref(), expected, "{user} {action}");
    }
}
