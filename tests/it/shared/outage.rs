//! Redis vanishes and returns while messages flow: slower, never wrong.

use push_notify_tests::{
    Backend, Delivery, Receiver, RedisServer, Response, TestApp, example_channel, until,
};
use serde_json::json;
use std::{collections::HashSet, time::Duration};
use tokio::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_stopped_and_started_under_load_costs_no_message() {
    const PART: usize = 40;
    let mut redis = RedisServer::start().await;
    let receiver = Receiver::answering(|_| Response::json(200, &json!({}))).await;
    let mut first = TestApp::on(Backend::Postgres)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .config(|config| {
            config.redis.url = redis.url();
            config.rate_limit.enabled = true;
            config.rate_limit.auth_per_minute = 10_000;
            config.rate_limit.webhook_per_minute = 10_000;
            config.rate_limit.read_per_minute = 10_000;
            config.rate_limit.write_per_minute = 10_000;
        })
        .start()
        .await;
    let second = first.beside().start().await;
    let repo = first.repo("backend").await;
    let body = json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}});
    first.target(body).await;
    let part = async |name: &str| {
        for index in 0..PART {
            let node = [&first, &second][index % 2];
            let delivery = Delivery::push(&format!("{name}{index}"));
            node.deliver(&repo, delivery).await.expect(200);
        }
    };
    part("with").await;
    let ((), ()) = tokio::join!(part("vanishing"), redis.kill());
    part("without").await;
    let ((), ()) = tokio::join!(part("returning"), redis.start_again());
    for node in [&first, &second] {
        until("Redis to be used again", async || {
            let shared = &node.server.app().shared;
            (shared.answers().await == Some(true) && shared.is_connected()).then_some(())
        })
        .await;
    }
    part("again").await;
    until("all to be delivered", async || {
        let done = second.get("/api/v1/pushes?status=success&size=1").await;
        (done.expect(200).data()["pagination"]["total"] == 5 * PART).then_some(())
    })
    .await;
    let messages: HashSet<_> = receiver
        .requests()
        .iter()
        .map(|request| request.body.clone())
        .collect();
    assert_eq!((receiver.count(), messages.len()), (5 * PART, 5 * PART));
    // What one says the other hears again.
    let ttl = Duration::from_secs(60);
    assert!(first.server.app().shared.mark("again", ttl).await);
    assert!(!second.server.app().shared.mark("again", ttl).await);
    second.stop().await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_is_waited_for_once() {
    let redis = RedisServer::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.redis.url = redis.url();
            config.rate_limit.enabled = true;
            config.rate_limit.read_per_minute = 10_000;
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    redis.freeze().await;
    let started = Instant::now();
    for _ in 0..40 {
        app.get("/api/v1/repos").await.expect(200);
        app.deliver(&repo, Delivery::push("aaa")).await.expect(200);
    }
    // Half a second for each would be 40.
    assert!(started.elapsed() < Duration::from_secs(20));
    let health = app.get("/api/v1/system/health").await;
    assert_eq!(health.expect(200).data()["redis"], "down");
    redis.thaw().await;
    until("Redis to be used again", async || {
        let health = app.get("/api/v1/system/health").await;
        (health.expect(200).data()["redis"] == "ok").then_some(())
    })
    .await;
    app.stop().await;
}
