//! A repository's webhook secret: what it must be, and what becomes of the one before.

use push_notify_tests::{Answer, Backend, Delivery, Repo, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_former_webhook_secret_lets_deliveries_in_for_a_while,
    a_former_webhook_secret_can_be_ended_at_once,
    without_an_overlap_only_the_current_webhook_secret_counts,
    however_often_it_is_replaced_three_former_secrets_count,
);

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The status that a delivery with this secret is answered.
async fn delivered(app: &TestApp, repo: &Repo, secret: &str) -> u16 {
    let commit = format!("commit-{:016x}", rand::random::<u64>());
    let delivery = Delivery::push(&commit).signed_with(secret);
    app.deliver(repo, delivery).await.status
}

async fn set_secret(app: &TestApp, repo: &Repo, secret: &str) -> Answer {
    let path = format!("/api/v1/repos/{}", repo.id);
    app.put(&path, &json!({ "webhook_secret": secret })).await
}

async fn former(app: &TestApp, repo: &Repo) -> Vec<Value> {
    let shown = app.get(&format!("/api/v1/repos/{}", repo.id)).await;
    let shown = shown.expect(200);
    let former = shown.data()["former_webhook_secrets"].as_array();
    former.expect("a list").clone()
}

async fn a_former_webhook_secret_lets_deliveries_in_for_a_while(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    assert_eq!(former(&app, &repo).await, [json!(null); 0]);
    // The same again, the mask and nothing are no change.
    for same in [&repo.secret, "******", ""] {
        set_secret(&app, &repo, same).await.expect(200);
    }
    assert_eq!(former(&app, &repo).await, [json!(null); 0]);
    let next = "another-secret-not-real";
    app.secrets.push(next.to_owned());
    set_secret(&app, &repo, next).await.expect(200);
    assert_eq!(delivered(&app, &repo, next).await, 200);
    assert_eq!(delivered(&app, &repo, &repo.secret).await, 200);
    assert_eq!(delivered(&app, &repo, "not-the-secret").await, 401);
    let shown = former(&app, &repo).await;
    assert_eq!(shown.len(), 1);
    assert!(
        shown[0]["valid_until"].as_str() > shown[0]["replaced_at"].as_str(),
        "{shown:?}"
    );
    let log = app.get("/api/v1/logs/operations").await.expect(200);
    assert!(
        log.text.contains("lets deliveries in until"),
        "{}",
        log.text
    );
    app.advance(DAY);
    assert_eq!(delivered(&app, &repo, &repo.secret).await, 401);
    assert_eq!(delivered(&app, &repo, next).await, 200);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_former_webhook_secret_can_be_ended_at_once(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    set_secret(&app, &repo, "another-secret-not-real")
        .await
        .expect(200);
    assert_eq!(delivered(&app, &repo, &repo.secret).await, 200);
    let path = format!("/api/v1/repos/{}/former-webhook-secrets", repo.id);
    let ended = app.delete(&path).await.expect(200);
    assert_eq!(ended.data()["former_webhook_secrets"], json!([]));
    assert_eq!(delivered(&app, &repo, &repo.secret).await, 401);
    assert_eq!(delivered(&app, &repo, "another-secret-not-real").await, 200);
    app.delete(&path).await.expect(200);
    app.delete("/api/v1/repos/999/former-webhook-secrets")
        .await
        .expect_code(404, 20004);
    app.stop().await;
}

async fn without_an_overlap_only_the_current_webhook_secret_counts(on: Backend) {
    let app = TestApp::on(on).config(|config| config.webhook.secret_overlap_hours = 0);
    let mut app = app.start().await;
    let repo = app.repo("backend").await;
    set_secret(&app, &repo, "another-secret-not-real")
        .await
        .expect(200);
    assert_eq!(former(&app, &repo).await, [json!(null); 0]);
    assert_eq!(delivered(&app, &repo, &repo.secret).await, 401);
    assert_eq!(delivered(&app, &repo, "another-secret-not-real").await, 200);
    app.stop().await;
}

async fn however_often_it_is_replaced_three_former_secrets_count(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let secret = |number: usize| format!("numbered-secret-not-real-{number}");
    for number in 0..6 {
        set_secret(&app, &repo, &secret(number)).await.expect(200);
    }
    assert_eq!(former(&app, &repo).await.len(), 3);
    assert_eq!(delivered(&app, &repo, &repo.secret).await, 401);
    for (number, status) in [401, 401, 200, 200, 200, 200].into_iter().enumerate() {
        assert_eq!(
            delivered(&app, &repo, &secret(number)).await,
            status,
            "{number}"
        );
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_secret_is_long_enough_and_has_no_blanks_around_it() {
    let mut app = TestApp::start(Backend::Sqlite).await;
    let repo = app.repo("backend").await;
    for (secret, taken) in [
        ("mysecret", true),
        ("1234567", false),
        ("密钥密钥密钥密", false),
        ("密钥密钥密钥密钥", true),
        (" abc-secret-123 ", false),
        ("abc-secret-123\n", false),
        ("abc-secret-123\r\n", false),
        ("\tabc-secret-123", false),
        ("\u{a0}abc-secret-123", false),
        ("abc-secret-123\u{200b}", false),
        ("abc secret 123", true),
        ("a", false),
    ] {
        let changed = set_secret(&app, &repo, secret).await;
        let body = json!({
            "name": format!("with-{secret:?}"), "url": "https://github.com/company/other", "type": "github",
            "webhook_secret": secret,
        });
        let made = app.post("/api/v1/repos", &body).await;
        for answer in [changed, made] {
            match taken {
                true => assert_eq!(answer.status, 200, "{secret:?}: {}", answer.text),
                false => answer.expect(422).names("webhook_secret"),
            }
        }
    }
    let token = json!({"access_token": " ghp-not-real-0123456789"});
    let path = format!("/api/v1/repos/{}", repo.id);
    app.put(&path, &token)
        .await
        .expect(422)
        .names("access_token");
    let model = json!({
        "name": "gpt", "type": "gpt-4", "provider": "openai", "api_url": "https://api.example.com/v1",
        "api_key": " sk-not-real-0123456789 ",
    });
    app.post("/api/v1/models", &model)
        .await
        .expect(422)
        .names("api_key");
    app.stop().await;
}
