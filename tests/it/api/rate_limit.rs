//! Limits per client.

use push_notify_tests::{Answer, Backend, Delivery, Repo, TestApp};
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

async fn deliver(app: &TestApp, path: &str, repo: &Repo, delivery: Delivery) -> Answer {
    let api = app.anonymous();
    let request = api.request(reqwest::Method::POST, path);
    api.send(delivery.onto(request, &repo.secret)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_authentic_takes_nothing_from_a_repositorys_limit() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.rate_limit.enabled = true;
            config.rate_limit.webhook_per_minute = 2;
        })
        .start()
        .await;
    let one = app.repo("one").await;
    let two = app.repo("two").await;
    let by_id = format!("/api/v1/webhooks/github/{}", one.id);
    let by_url = "/api/v1/webhooks/github";
    for path in [&by_id, by_url, &by_id, by_url, &by_id] {
        let forged = Delivery::push("evil").signed_with("another-secret-not-real");
        deliver(&app, path, &one, forged).await.expect(401);
    }
    for commit in ["aaa", "bbb"] {
        deliver(&app, &by_id, &one, Delivery::push(commit))
            .await
            .expect(200);
    }
    for path in [&by_id, by_url, &one.path] {
        let refused = deliver(&app, path, &one, Delivery::push("ccc")).await;
        let refused = refused.expect_code(429, 429);
        assert!(refused.header("retry-after").is_some());
    }
    // The other repository of this URL has its own.
    deliver(&app, by_url, &two, Delivery::push("ccc"))
        .await
        .expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_a_limit_where_anybody_may_deliver() {
    let mut app = TestApp::on(Backend::Sqlite)
        .config(|config| {
            config.rate_limit.enabled = true;
            config.rate_limit.webhook_per_minute = 1;
        })
        .start()
        .await;
    let repo = app.repo("backend").await;
    for index in 0..20 {
        let path = match index % 2 {
            0 => "/api/v1/webhooks/nobody",
            _ => "/api/v1/webhooks/github/999",
        };
        deliver(&app, path, &repo, Delivery::push("aaa"))
            .await
            .expect(401);
    }
    for path in [
        "/api/v1/webhooks",
        "/api/v1/webhooks/github",
        "/api/v1/webhooks/github/1",
    ] {
        deliver(&app, path, &repo, Delivery::push("aaa"))
            .await
            .expect_code(429, 429);
    }
    app.deliver(&repo, Delivery::push("aaa")).await.expect(200);
    app.stop().await;
}
