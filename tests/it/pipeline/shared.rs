//! What nodes share: Redis when there is one, whose loss costs no message; and on PostgreSQL the queue itself.

use push_notify_tests::{Backend, DingTalk, RedisServer, Robot, TestApp, redis_url};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_flow_with_redis() {
    let robot = DingTalk::start().await;
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| config.redis.url = redis_url())
        .start()
        .await;
    let health = app
        .anonymous()
        .get("/api/v1/system/health")
        .await
        .expect(200);
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
    let redis = RedisServer::start().await;
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
    let health = app
        .anonymous()
        .get("/api/v1/system/health")
        .await
        .expect(200);
    assert_eq!(
        (&health.data()["redis"], &health.data()["status"]),
        (&"down".into(), &"degraded".into())
    );
    app.stop().await;
}
