//! One delivery is one event, however often and in whatever shape it comes.

use push_notify_tests::{Backend, Delivery, DingTalk, Robot, TestApp, both, push_body};
use serde_json::{Value, json};

both!(
    a_redelivery_gets_the_first_ids_and_sends_nothing,
    a_tag_pushed_and_created_is_one_event,
    the_same_tag_made_again_later_is_a_new_event,
    a_delivery_that_comes_many_times_at_once_is_one_event,
);

async fn a_redelivery_gets_the_first_ids_and_sends_nothing(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;

    let delivery = Delivery::push("aaa").id("72d3162e-cc78-11e3-81ab-4c9367dc0958");
    let first = app.deliver(&repo, delivery.clone()).await.expect(200);
    let id = first.data()["push_id"].as_i64().expect("a push");
    app.push_in_state(id, "delivered").await;
    let second = app.deliver(&repo, delivery).await.expect(200);
    for field in ["event_id", "push_id", "push_ids", "repo_id"] {
        assert_eq!(first.data()[field], second.data()[field], "{field}");
    }
    let pushes = app
        .get(&format!("/api/v1/pushes?repo_id={}", repo.id))
        .await
        .expect(200);
    assert_eq!(pushes.data()["pagination"]["total"], 1);
    // What comes after it is sent; what came twice is not.
    let next = app.push(&repo, "bbb").await;
    app.push_in_state(next[0], "delivered").await;
    assert_eq!(robot.count(), 2);
    app.stop().await;
}

async fn a_tag_pushed_and_created_is_one_event(on: Backend) {
    let robot = DingTalk::start().await;
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;

    let pushed = app
        .deliver(&repo, Delivery::new("push", &tag_push("v1.0.0")))
        .await
        .expect(200);
    let created = app
        .deliver(&repo, Delivery::new("create", &tag_create("v1.0.0")))
        .await
        .expect(200);
    assert_eq!(pushed.data()["event_id"], created.data()["event_id"]);
    assert_eq!(pushed.data()["push_ids"], created.data()["push_ids"]);
    let events = app.get("/api/v1/events").await.expect(200);
    assert_eq!(events.data()["pagination"]["total"], 1);
    let event = &events.list()[0];
    assert_eq!(event["kind"], "tag_push");

    // Another tag is another event.
    let other = app
        .deliver(&repo, Delivery::new("create", &tag_create("v1.0.1")))
        .await
        .expect(200);
    assert_ne!(other.data()["event_id"], pushed.data()["event_id"]);
    app.stop().await;
}

async fn the_same_tag_made_again_later_is_a_new_event(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let first = app
        .deliver(&repo, Delivery::new("push", &tag_push("nightly")))
        .await
        .expect(200);
    let moved = app
        .deliver(&repo, Delivery::new("push", &tag_push("nightly")))
        .await
        .expect(200);
    assert_ne!(
        first.data()["event_id"],
        moved.data()["event_id"],
        "two pushes are two events"
    );
    app.advance(std::time::Duration::from_secs(3600));
    let later = app
        .deliver(&repo, Delivery::new("create", &tag_create("nightly")))
        .await
        .expect(200);
    assert_ne!(
        later.data()["event_id"],
        moved.data()["event_id"],
        "an hour later it is not the same action"
    );
    app.stop().await;
}

async fn a_delivery_that_comes_many_times_at_once_is_one_event(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let delivery = Delivery::push("aaa");
    let deliveries = (0..20).map(|_| app.deliver(&repo, delivery.clone()));
    let answers = futures_util::future::join_all(deliveries).await;
    let ids: Vec<Value> = answers
        .into_iter()
        .map(|answer| answer.expect(200).data()["event_id"].clone())
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let events = app.get("/api/v1/events").await.expect(200);
    assert_eq!(events.data()["pagination"]["total"], 1);
    app.stop().await;
}

fn tag_push(tag: &str) -> Value {
    let mut body = push_body("ccc");
    body["ref"] = json!(format!("refs/tags/{tag}"));
    body["before"] = json!("0000000000000000000000000000000000000000");
    body["created"] = json!(true);
    body["commits"] = json!([]);
    body
}

fn tag_create(tag: &str) -> Value {
    json!({
        "ref": tag,
        "ref_type": "tag",
        "master_branch": "main",
        "pusher_type": "user",
        "repository": push_body("ccc")["repository"],
        "sender": {"login": "zhangsan"},
    })
}
