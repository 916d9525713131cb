//! What failed logins lead to: a captcha, then a lock.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use push_notify::session::captcha;
use push_notify_tests::{Answer, Api, Backend, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    from_the_fifth_failure_on_a_login_needs_a_captcha,
    a_captcha_is_good_for_one_try_and_five_minutes,
    ten_failures_lock_a_name_for_a_while,
    an_unknown_name_is_treated_as_a_known_one,
    an_administrator_unlocks_what_failures_locked,
    many_guesses_at_once_count_each,
);

async fn guess(api: &Api, username: &str, password: &str) -> Answer {
    let body = json!({"username": username, "password": password});
    api.post("/api/v1/auth/login", &body).await
}

async fn guess_with(api: &Api, username: &str, password: &str, captcha: (Value, String)) -> Answer {
    let body = json!({
        "username": username,
        "password": password,
        "captcha_key": captcha.0,
        "captcha": captcha.1,
    });
    api.post("/api/v1/auth/login", &body).await
}

/// A captcha's key and answer.
async fn solved(app: &TestApp) -> (Value, String) {
    let answer = app
        .anonymous()
        .get("/api/v1/auth/captcha")
        .await
        .expect(200);
    let key = answer.data()["captcha_key"].clone();
    let opened = captcha::open(&app.server.app().vault, key.as_str().expect("a key"));
    (key, opened.expect("our own").answer)
}

/// Fails `count` times.
async fn fail(app: &TestApp, username: &str, count: usize) {
    let api = app.anonymous();
    for _ in 0..count {
        let captcha = solved(app).await;
        guess_with(&api, username, "not-the-password", captcha)
            .await
            .expect_code(401, 10005);
    }
}

async fn from_the_fifth_failure_on_a_login_needs_a_captcha(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous().unrecorded();
    for count in 1..=5 {
        let wrong = guess(&api, "admin", "not-the-password").await;
        let wrong = wrong.expect_code(401, 10005);
        assert_eq!(wrong.data()["captcha_required"], count == 5);
    }
    let missing = guess(&api, "Admin", &app.admin_password).await;
    let missing = missing.expect_code(422, 422);
    missing.names("captcha");
    assert_eq!(missing.data()["captcha_required"], true);
    let (key, answer) = solved(&app).await;
    let wrong = (key, format!("{answer}x"));
    guess_with(&api, "admin", &app.admin_password, wrong)
        .await
        .expect(422)
        .names("captcha");
    let captcha = solved(&app).await;
    guess_with(&api, "admin", "not-the-password", captcha)
        .await
        .expect_code(401, 10005);
    let (key, answer) = solved(&app).await;
    let captcha = (key, answer.to_lowercase());
    guess_with(&api, "admin", &app.admin_password, captcha)
        .await
        .expect(200);
    // A success starts over.
    guess(&api, "admin", "not-the-password")
        .await
        .expect_code(401, 10005);
    api.login("admin", &app.admin_password).await;
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_captcha_is_good_for_one_try_and_five_minutes(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous().unrecorded();
    let picture = api.get("/api/v1/auth/captcha").await.expect(200);
    let image = picture.data()["image"].as_str().expect("an image");
    let image = image.strip_prefix("data:image/png;base64,").expect("a PNG");
    let image = STANDARD.decode(image).expect("base64");
    assert!(image.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(picture.data()["expires_in"], 300);
    assert_eq!(picture.header("cache-control"), Some("no-store"));

    fail(&app, "admin", 5).await;
    let captcha = solved(&app).await;
    guess_with(&api, "admin", "not-the-password", captcha.clone())
        .await
        .expect(401);
    guess_with(&api, "admin", &app.admin_password, captcha)
        .await
        .expect(422)
        .names("captcha");
    // A wrong answer uses it up too: it cannot be guessed at.
    let (key, answer) = solved(&app).await;
    for guessed in ["AAAAA", &answer] {
        let captcha = (key.clone(), guessed.to_owned());
        guess_with(&api, "admin", &app.admin_password, captcha)
            .await
            .expect(422);
    }
    let captcha = solved(&app).await;
    app.advance(Duration::from_secs(301));
    guess_with(&api, "admin", &app.admin_password, captcha)
        .await
        .expect(422);
    for rubbish in ["", "v1:00000000:AAAA", "张三"] {
        let captcha = (rubbish.into(), "AAAAA".to_owned());
        guess_with(&api, "admin", &app.admin_password, captcha)
            .await
            .expect(422)
            .names("captcha");
    }
    app.stop().await;
}

async fn ten_failures_lock_a_name_for_a_while(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous().unrecorded();
    fail(&app, "admin", 10).await;
    let captcha = solved(&app).await;
    let locked = guess_with(&api, "admin", &app.admin_password, captcha).await;
    let locked = locked.expect_code(403, 10004);
    let wait: u64 = locked
        .header("retry-after")
        .and_then(|value| value.parse().ok())
        .expect("Retry-After");
    assert!((1..=900).contains(&wait), "{wait}");
    // Whoever is logged in stays so.
    app.get("/api/v1/auth/me").await.expect(200);
    app.advance(Duration::from_secs(901));
    api.login("admin", &app.admin_password).await;
    app.stop().await;
}

async fn an_unknown_name_is_treated_as_a_known_one(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous();
    for _ in 0..5 {
        guess(&api, "nobody", "not-the-password")
            .await
            .expect_code(401, 10005);
    }
    guess(&api, "nobody", "not-the-password")
        .await
        .expect(422)
        .names("captcha");
    fail(&app, "nobody", 5).await;
    guess(&api, "nobody", "not-the-password")
        .await
        .expect_code(403, 10004);
    // The others are not concerned.
    guess(&api, "somebody", "not-the-password")
        .await
        .expect_code(401, 10005);
    app.stop().await;
}

async fn an_administrator_unlocks_what_failures_locked(on: Backend) {
    let app = TestApp::start(on).await;
    let (lisi, _) = app.user("lisi", "user").await;
    fail(&app, "LISI", 10).await;
    let api = app.anonymous().unrecorded();
    guess(&api, "lisi", "User-not-real-1")
        .await
        .expect_code(403, 10004);
    app.put(
        &format!("/api/v1/users/{lisi}/lock"),
        &json!({"action": "unlock"}),
    )
    .await
    .expect(200);
    api.login("lisi", "User-not-real-1").await;
    app.stop().await;
}

async fn many_guesses_at_once_count_each(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous();
    let guesses = (0..20).map(|_| guess(&api, "admin", "not-the-password"));
    let answers = futures_util::future::join_all(guesses).await;
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    assert!(tried <= 5, "{tried} passwords were tried without a captcha");
    app.stop().await;
}
