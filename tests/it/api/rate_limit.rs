//! Limits per client.

use push_notify_tests::{Backend, Delivery, TestApp};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_request_has_its_limit_and_it_passes_with_time() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.rate_limit.enabled = true;
            config.rate_limit.auth_per_minute = 3;
            config.rate_limit.webhook_per_minute = 5;
            config.rate_limit.read_per_minute = 7;
            config.rate_limit.write_per_minute = 4;
        })
        .start()
        .await;
    // One login was the harness's.
    let login = json!({"username": "admin", "password": "not-the-password"});
    for _ in 0..2 {
        app.anonymous()
            .post("/api/v1/auth/login", &login)
            .await
            .expect(401);
    }
    let refused = app
        .anonymous()
        .post("/api/v1/auth/login", &login)
        .await
        .expect_code(429, 429);
    let seconds: u64 = refused
        .header("retry-after")
        .and_then(|value| value.parse().ok())
        .expect("Retry-After");
    assert!((1..=60).contains(&seconds));

    let repo = app.repo("backend").await;
    for index in 0..5 {
        app.deliver(&repo, Delivery::push(&format!("commit{index}")))
            .await
            .expect(200);
    }
    app.deliver(&repo, Delivery::push("one too many"))
        .await
        .expect_code(429, 429);
    for _ in 0..7 {
        app.get("/api/v1/repos").await.expect(200);
    }
    app.get("/api/v1/repos").await.expect_code(429, 429);
    for _ in 0..3 {
        app.put(&format!("/api/v1/repos/{}", repo.id), &json!({}))
            .await
            .expect(200);
    }
    app.put(&format!("/api/v1/repos/{}", repo.id), &json!({}))
        .await
        .expect_code(429, 429);
    app.anonymous()
        .get("/api/v1/system/health")
        .await
        .expect(200);

    app.advance(Duration::from_secs(61));
    app.deliver(&repo, Delivery::push("later"))
        .await
        .expect(200);
    app.get("/api/v1/repos").await.expect(200);
    app.anonymous()
        .post("/api/v1/auth/login", &login)
        .await
        .expect(401);
    app.stop().await;
}
