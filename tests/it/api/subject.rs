//! `/api/v1/subjects`: what events are about, and whether an event changes anything there.

use push_notify::retention;
use push_notify_tests::{Answer, Backend, Delivery, Receiver, Repo, TestApp, both, workspace};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_merge_request_is_one_subject_with_its_present_state,
    a_pipeline_is_told_when_it_breaks_and_when_it_is_mended,
    a_subject_goes_when_its_events_are_gone,
);

const DAY: Duration = Duration::from_secs(86_400);

async fn world(on: Backend) -> (TestApp, Repo, Receiver) {
    let receiver = Receiver::start().await;
    let mut app = TestApp::start(on).await;
    let kinds = json!({"webhook_events": ["push", "merge_request", "comment", "pipeline"]});
    let repo = app.repo_with("backend", kinds).await;
    app.target(json!({
        "name": "hook",
        "type": "webhook",
        "config": {"url": receiver.url("/in")},
    }))
    .await;
    (app, repo, receiver)
}

/// A fixture of the parser, as another delivery each time.
async fn deliver(app: &TestApp, repo: &Repo, fixture: &str) -> Answer {
    let path = format!("plugins/provider-github/fixtures/{fixture}.json");
    let text = std::fs::read(workspace().join(path)).expect("a fixture");
    let body: Value = serde_json::from_slice(&text).expect("JSON");
    let name = fixture.split('.').next().unwrap_or_default();
    app.deliver(repo, Delivery::new(name, &body))
        .await
        .expect(200)
}

fn pushes(answer: &Answer) -> usize {
    answer.data()["push_ids"].as_array().map_or(0, Vec::len)
}

async fn a_merge_request_is_one_subject_with_its_present_state(on: Backend) {
    let (app, repo, _receiver) = world(on).await;
    deliver(&app, &repo, "push.branch").await;
    let opened = deliver(&app, &repo, "pull_request.opened").await;
    let labeled = deliver(&app, &repo, "pull_request.labeled").await;
    assert_eq!((pushes(&opened), pushes(&labeled)), (1, 0));
    let list = app.get("/api/v1/subjects").await.expect(200);
    assert_eq!(list.list().len(), 1, "a push is about nothing that lasts");
    let subject = &list.list()[0];
    assert_eq!(subject["id"], opened.data()["event_id"]);
    assert_eq!(subject["kind"], "merge_request");
    assert_eq!(subject["repo_name"], "backend");
    assert_eq!(
        (&subject["state"], &subject["event_count"]),
        (&json!("open"), &json!(2))
    );
    assert!(
        subject["title"]
            .as_str()
            .is_some_and(|title| !title.is_empty())
    );
    assert!(!subject["labels"].as_array().expect("labels").is_empty());
    let first = subject["first_event_at"].clone();

    let merged = deliver(&app, &repo, "pull_request.merged").await;
    let path = format!("/api/v1/subjects/{}", subject["id"]);
    let detail = app.get(&path).await.expect(200).data().clone();
    assert_eq!(
        (&detail["state"], &detail["event_count"]),
        (&json!("merged"), &json!(3))
    );
    assert_eq!(detail["first_event_at"], first);
    let events = detail["events"].as_array().expect("events");
    let shown: Vec<(&Value, &Value)> = events
        .iter()
        .map(|event| (&event["id"], &event["untold"]))
        .collect();
    let of = |answer: &Answer| answer.data()["event_id"].clone();
    assert_eq!(
        shown,
        [
            (&of(&merged), &Value::Null),
            (&of(&labeled), &json!("bookkeeping")),
            (&of(&opened), &Value::Null),
        ]
    );
    let told: Vec<&Value> = detail["pushes"]
        .as_array()
        .expect("pushes")
        .iter()
        .map(|push| &push["event_id"])
        .collect();
    assert_eq!(told, [&of(&merged), &of(&opened)]);
    let title = subject["title"].as_str().expect("a title");
    for (query, found) in [
        ("kind=merge_request".to_owned(), 1),
        ("kind=pipeline".to_owned(), 0),
        ("state=merged".to_owned(), 1),
        ("state=open".to_owned(), 0),
        (format!("keyword={}", &title[..4]), 1),
        ("keyword=nothing-like-it".to_owned(), 0),
        (format!("repo_id={}", repo.id), 1),
        (format!("repo_id={}", repo.id + 1), 0),
        ("start_time=2020-01-01T00:00:00Z".to_owned(), 1),
        ("end_time=2020-01-01T00:00:00Z".to_owned(), 0),
        ("sort=id&order=asc".to_owned(), 1),
    ] {
        let list = app
            .get(&format!("/api/v1/subjects?{query}"))
            .await
            .expect(200);
        assert_eq!(list.list().len(), found, "{query}");
    }
    app.get("/api/v1/subjects?colour=red").await.expect(400);
    app.get("/api/v1/subjects/99999999").await.expect(404);
    app.stop().await;
}

async fn a_pipeline_is_told_when_it_breaks_and_when_it_is_mended(on: Backend) {
    let (app, repo, _receiver) = world(on).await;
    for (name, told) in [
        ("succeeded", 0),
        ("failed", 1),
        ("in_progress", 0),
        ("failed", 0),
        ("canceled", 0),
        ("succeeded", 1),
        ("succeeded", 0),
        ("failed", 1),
    ] {
        let answer = deliver(&app, &repo, &format!("workflow_run.{name}")).await;
        assert_eq!(pushes(&answer), told, "{name}: {}", answer.text);
        let path = format!("/api/v1/events/{}", answer.data()["event_id"]);
        let event = app.get(&path).await.expect(200).data().clone();
        let why = match (told, name) {
            (1, _) => Value::Null,
            (_, "in_progress") => json!("bookkeeping"),
            _ => json!("unchanged"),
        };
        assert_eq!(event["untold"], why, "{name}");
    }
    let repo_path = format!("/api/v1/repos/{}", repo.id);
    let all = json!({"tell_repeats": true});
    app.put(&repo_path, &all).await.expect(200);
    let shown = app.get(&repo_path).await.expect(200).data().clone();
    assert_eq!(shown["tell_repeats"], true);
    for name in ["failed", "failed", "succeeded", "succeeded"] {
        let answer = deliver(&app, &repo, &format!("workflow_run.{name}")).await;
        assert_eq!(pushes(&answer), 1, "{name}");
    }
    app.stop().await;
}

async fn a_subject_goes_when_its_events_are_gone(on: Backend) {
    let (app, repo, receiver) = world(on).await;
    let opened = deliver(&app, &repo, "pull_request.opened").await;
    receiver.wait_for(1).await;
    let push_id = opened.data()["push_ids"][0].as_i64().expect("a push");
    app.push_in_state(push_id, "delivered").await;
    let count = async || {
        let list = app.get("/api/v1/subjects").await.expect(200);
        list.list().len()
    };
    let prune = async || {
        retention::prune(app.server.app())
            .await
            .expect("it is pruned")
    };
    assert_eq!((prune().await.subjects, count().await), (0, 1));
    app.server.app().clock.advance(DAY * 400);
    let removed = prune().await;
    assert_eq!((removed.events, removed.subjects), (1, 1));
    app.stop().await;
}
