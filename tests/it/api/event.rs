//! `/api/v1/events`: the normalised event, field by field.

use push_notify_tests::{Backend, Delivery, TestApp, both, workspace};
use serde_json::{Map, Value, json};

both!(
    a_push_is_shown_field_by_field,
    a_merge_request_is_shown_field_by_field
);

/// What the engine says beside the event itself.
const OURS: [&str; 9] = [
    "id",
    "repo_id",
    "review_id",
    "state",
    "reason",
    "untold",
    "delivery_id",
    "received_at",
    "replay_ids",
];
/// The event itself, as `sdk/wit/v0.1` has it.
const FIELDS: [&str; 32] = [
    "provider",
    "kind",
    "action",
    "subject",
    "title",
    "text",
    "url",
    "severity",
    "subject_state",
    "labels",
    "fields",
    "happened_at",
    "ref",
    "branch",
    "tag",
    "before",
    "after",
    "created",
    "deleted",
    "forced",
    "compare_url",
    "commits",
    "total_commits",
    "actor",
    "repository",
    "merge_request",
    "comment",
    "issue",
    "release",
    "pipeline",
    "deployment",
    "alerts",
];

async fn a_push_is_shown_field_by_field(on: Backend) {
    let event = shown(on, "push", "push.branch").await;
    assert_eq!(event["kind"], "push");
    assert!(event["merge_request"].is_null() && event["tag"].is_null());
}

async fn a_merge_request_is_shown_field_by_field(on: Backend) {
    let event = shown(on, "pull_request", "pull_request.merged").await;
    assert_eq!(event["kind"], "merge_request");
    assert_eq!(event["merge_request"]["action"], "merged");
}

/// Delivers a fixture of the parser and compares what the API shows with what the parser's own
/// tests expect.
async fn shown(on: Backend, name: &str, fixture: &str) -> Map<String, Value> {
    let folder = workspace().join("plugins/provider-github/fixtures");
    let read = |file: String| std::fs::read(folder.join(file)).expect("a fixture");
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let body = body_of(&read(format!("{fixture}.json")));
    let delivery = Delivery::new(name, &body).id("72d3162e-cc78-11e3-81ab-4c9367dc0958");
    let answer = app.deliver(&repo, delivery).await.expect(200);
    let event = app
        .get(&format!("/api/v1/events/{}", answer.data()["event_id"]))
        .await
        .expect(200);
    let mut event = event.data().as_object().expect("an object").clone();
    assert_eq!(event["id"], answer.data()["event_id"]);
    assert_eq!(event["repo_id"], repo.id);
    assert_eq!(event["state"], "accepted");
    assert_eq!(event["delivery_id"], "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    assert!(
        event["received_at"]
            .as_str()
            .is_some_and(|time| time.parse::<jiff::Timestamp>().is_ok())
    );
    let list = app.get("/api/v1/events").await.expect(200);
    assert_eq!(list.list()[0]["id"], event["id"]);
    assert_eq!(list.list()[0]["repo_name"], "backend");
    for field in OURS {
        event.remove(field).unwrap_or_else(|| panic!("no {field}"));
    }
    for field in FIELDS {
        assert!(event.contains_key(field), "no {field}");
    }
    assert_eq!(
        event.len(),
        FIELDS.len(),
        "{:?}",
        event.keys().collect::<Vec<_>>()
    );
    assert_eq!(event["provider"], "github");
    let expected: Value =
        serde_json::from_slice(&read(format!("{fixture}.expected.json"))).expect("JSON");
    compare(
        "event",
        expected_event(&expected),
        &Value::Object(event.clone()),
    );
    app.stop().await;
    event
}

/// Everything that is expected is there; what is not mentioned is absent, which is null or empty.
fn compare(path: &str, expected: &Value, shown: &Value) {
    match (expected, shown) {
        (Value::Object(expected), Value::Object(shown)) => {
            for (name, expected) in expected {
                compare(
                    &format!("{path}.{name}"),
                    expected,
                    shown.get(name).unwrap_or(&Value::Null),
                );
            }
        }
        (Value::Array(expected), Value::Array(shown)) => {
            assert_eq!(expected.len(), shown.len(), "{path}");
            for (index, (expected, shown)) in expected.iter().zip(shown).enumerate() {
                compare(&format!("{path}[{index}]"), expected, shown);
            }
        }
        _ => assert_eq!(expected, shown, "{path}"),
    }
}

fn body_of(fixture: &[u8]) -> Value {
    let fixture: Value = serde_json::from_slice(fixture).expect("JSON");
    fixture.get("body").cloned().unwrap_or(fixture)
}

fn expected_event(expected: &Value) -> &Value {
    expected.get("event").unwrap_or(expected)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_filtered_and_unknown_ones_not_found() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let first = app.repo("first").await;
    let second = app.repo("second").await;
    app.push(&first, "aaa").await;
    app.push(&second, "bbb").await;
    let total = async |query: &str| {
        app.get(&format!("/api/v1/events?{query}"))
            .await
            .expect(200)
            .data()["pagination"]["total"]
            .clone()
    };
    assert_eq!(total("").await, 2);
    assert_eq!(total(&format!("repo_id={}", first.id)).await, 1);
    assert_eq!(total("kind=push").await, 2);
    assert_eq!(total("kind=tag_push").await, 0);
    assert_eq!(total("state=accepted").await, 2);
    app.get("/api/v1/events?state=odd")
        .await
        .expect(400)
        .names("state");
    app.get("/api/v1/events/999").await.expect(404);
    // Neither repository has a target.
    app.post("/api/v1/events/1/replay", &json!({}))
        .await
        .expect(409);
    app.stop().await;
}
