//! What nodes share: Redis when there is one, whose loss costs no message; and on PostgreSQL the
//! queue itself.

use push_notify_tests::{
    Backend, Delivery, DingTalk, Receiver, RedisServer, Response, Robot, TestApp, example_channel,
    redis_url, until,
};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_flow_with_redis() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.redis.url = redis_url())
        .start()
        .await;
    let health = app.get("/api/v1/system/health").await.expect(200);
    assert_eq!(
        (&health.data()["redis"], &health.data()["status"]),
        (&"ok".into(), &"ok".into())
    );
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn losing_redis_costs_no_message_and_shows_in_health() {
    let mut redis = RedisServer::start().await;
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.redis.url = redis.url())
        .start()
        .await;
    let repo = app.repo("backend").await;
    app.target(Robot::at(&robot).target("team")).await;
    redis.kill().await;
    let ids = app.push(&repo, "aaa").await;
    app.push_in_state(ids[0], "delivered").await;
    let health = app.get("/api/v1/system/health").await.expect(200);
    assert_eq!(
        (&health.data()["redis"], &health.data()["status"]),
        (&"down".into(), &"degraded".into())
    );
    assert_eq!(health.data()["problems"][0]["code"], "redis_down");
    app.anonymous().get("/readyz").await.expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_one_database_send_each_push_once() {
    const PUSHES: usize = 40;
    // Slow, so that the second node starts while the first one holds pushes.
    let receiver =
        Receiver::answering(|_| Response::json(200, &json!({})).after(Duration::from_millis(200)))
            .await;
    let mut first = TestApp::on(Backend::Postgres)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .start()
        .await;
    let repo = first.repo("backend").await;
    first
        .target(json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}}))
        .await;
    for index in 0..PUSHES / 2 {
        first.push(&repo, &format!("first{index}")).await;
    }
    let second = first.beside().start().await;
    let redelivery = Delivery::push("both").id("the-same-delivery");
    let (one, other) = tokio::join!(
        first.deliver(&repo, redelivery.clone()),
        second.deliver(&repo, redelivery)
    );
    assert_eq!(
        one.expect(200).data()["event_id"],
        other.expect(200).data()["event_id"]
    );
    for index in 1..PUSHES / 2 {
        second.push(&repo, &format!("second{index}")).await;
    }
    until("all to be delivered", async || {
        let done = second
            .get("/api/v1/pushes?status=success&size=1")
            .await
            .expect(200);
        (done.data()["pagination"]["total"] == PUSHES).then_some(())
    })
    .await;
    assert_eq!(receiver.count(), PUSHES);
    second.stop().await;
    first.stop().await;
}
