//! `/api/v1/system/health`.

use push_notify_tests::{Backend, TestApp, both};

both!(a_healthy_server_says_so_to_anybody);

async fn a_healthy_server_says_so_to_anybody(on: Backend) {
    let app = TestApp::start(on).await;
    let health = app
        .anonymous()
        .get("/api/v1/system/health")
        .await
        .expect_code(200, 200);
    let data = health.data();
    assert_eq!(data["status"], "ok");
    assert_eq!(data["database"], "ok");
    assert_eq!(data["redis"], "off");
    assert_eq!(data["dropped_log_lines"], 0);
    assert!(
        data["plugins"]
            .as_array()
            .is_some_and(|plugins| plugins.len() >= 3)
    );
    assert!(data["version"].as_str().is_some());
    assert_eq!(data["queue_age_seconds"], 0.0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_configuration_is_shown_without_its_secrets() {
    let app = TestApp::on(Backend::Sqlite)
        .config(|config| config.redis.url = "redis://:not-real@127.0.0.1:1".to_owned())
        .start()
        .await;
    let config = app.get("/api/v1/system/config").await.expect(200);
    assert_eq!(config.data()["delivery"]["max_attempts"].as_u64(), Some(16));
    assert!(!config.text.contains("not-real@"), "{}", config.text);
    app.anonymous()
        .get("/api/v1/system/config")
        .await
        .expect(401);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_its_database_is_down() {
    let app = TestApp::start(Backend::Sqlite).await;
    app.server.app().db.close().await;
    let health = app
        .anonymous()
        .get("/api/v1/system/health")
        .await
        .expect_code(503, 503);
    assert_eq!(health.data()["status"], "down");
    assert_ne!(health.json["message"], "success");
    assert_eq!(health.data()["database"], "down");
    app.stop().await;
}
