//! Who is kept from guessing passwords, and that nobody keeps others from logging in by it.

use push_notify::session::captcha;
use push_notify_tests::{Answer, Backend, TestApp, both};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

both!(
    a_stranger_who_fails_locks_nobody_out_but_themselves,
    who_logs_in_rightly_has_not_failed,
    however_many_networks_take_part_guesses_are_few,
    a_network_counts_as_one_whatever_its_addresses,
    a_reset_makes_every_network_a_stranger_again,
    whoever_has_a_session_cannot_guess_the_password_from_many_addresses,
);

/// Behind a proxy, so that a test can come from anywhere.
async fn start(on: Backend, lock_after: u32) -> TestApp {
    TestApp::on(on)
        .config(|config| {
            config.server.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a range")];
            config.auth.lock_after = lock_after;
        })
        .start()
        .await
}

/// A login from there, with a captcha that was solved where one is wanted.
async fn login(app: &TestApp, from: &str, name: &str, password: &str) -> Answer {
    let plain = try_login(app, from, &json!({"username": name, "password": password})).await;
    if plain.status != 422 {
        return plain;
    }
    plain.names("captcha");
    let made = app
        .anonymous()
        .get("/api/v1/auth/captcha")
        .await
        .expect(200);
    let key = made.data()["captcha_key"]
        .as_str()
        .expect("a key")
        .to_owned();
    let answer = captcha::open(&app.server.app().vault, &key)
        .expect("our own")
        .answer;
    let body =
        json!({"username": name, "password": password, "captcha_key": key, "captcha": answer});
    try_login(app, from, &body).await
}

async fn try_login(app: &TestApp, from: &str, body: &serde_json::Value) -> Answer {
    let api = app.anonymous().unrecorded();
    let request = api.request(Method::POST, "/api/v1/auth/login");
    api.send(request.header("x-forwarded-for", from).json(body))
        .await
}

async fn a_stranger_who_fails_locks_nobody_out_but_themselves(on: Backend) {
    let app = start(on, 10).await;
    let (stranger, elsewhere) = ("203.0.113.1", "198.51.100.7");
    for _ in 0..10 {
        login(&app, stranger, "admin", "not-the-password")
            .await
            .expect_code(401, 10005);
    }
    let locked = login(&app, stranger, "admin", &app.admin_password).await;
    let wait = locked
        .expect_code(403, 10004)
        .header("retry-after")
        .map(str::to_owned);
    assert!(wait.is_some_and(|wait| {
        wait.parse::<u64>()
            .is_ok_and(|wait| (1..=900).contains(&wait))
    }));
    // From where they logged in before: as if nothing had happened.
    let body = json!({"username": "admin", "password": app.admin_password});
    try_login(&app, "127.0.0.1", &body).await.expect(200);
    // From elsewhere: with a captcha. After that, that place is known too.
    try_login(&app, elsewhere, &body)
        .await
        .expect(422)
        .names("captcha");
    login(&app, elsewhere, "admin", &app.admin_password)
        .await
        .expect(200);
    try_login(&app, elsewhere, &body).await.expect(200);
    // The stranger is let in again after a while, to guess some more.
    app.advance(Duration::from_secs(901));
    login(&app, stranger, "admin", "not-the-password")
        .await
        .expect_code(401, 10005);
    app.stop().await;
}

async fn who_logs_in_rightly_has_not_failed(on: Backend) {
    let app = start(on, 3).await;
    // From a new place each time, more often than strangers may fail.
    for network in 0..35 {
        let from = format!("203.0.113.{network}");
        let body = json!({"username": "admin", "password": app.admin_password});
        try_login(&app, &from, &body).await.expect(200);
    }
    app.stop().await;
}

async fn however_many_networks_take_part_guesses_are_few(on: Backend) {
    let app = start(on, 2).await;
    let mut guesses = 0;
    for network in 0..30 {
        let from = format!("203.0.113.{network}");
        for _ in 0..2 {
            let answer = login(&app, &from, "admin", "not-the-password").await;
            match answer.status {
                401 => guesses += 1,
                _ => _ = answer.expect_code(403, 10004),
            }
        }
    }
    assert_eq!(guesses, 20);
    let body = json!({"username": "admin", "password": app.admin_password});
    try_login(&app, "127.0.0.1", &body).await.expect(200);
    // From now on strangers have one in a minute, all together.
    login(&app, "198.51.100.1", "admin", &app.admin_password)
        .await
        .expect_code(403, 10004);
    app.advance(Duration::from_secs(61));
    login(&app, "198.51.100.2", "admin", "not-the-password")
        .await
        .expect_code(401, 10005);
    login(&app, "198.51.100.3", "admin", "not-the-password")
        .await
        .expect_code(403, 10004);
    app.advance(Duration::from_secs(61));
    login(&app, "198.51.100.4", "admin", &app.admin_password)
        .await
        .expect(200);
    // Other names are not concerned.
    login(&app, "198.51.100.5", "somebody", "not-the-password")
        .await
        .expect_code(401, 10005);
    app.stop().await;
}

async fn a_network_counts_as_one_whatever_its_addresses(on: Backend) {
    let app = start(on, 2).await;
    let table = [
        (
            "2001:db8:1::1",
            "2001:db8:1::2",
            "2001:db8:1:0:ffff::",
            true,
        ),
        (
            "2001:db8:2::1",
            "2001:db8:2:0:8000::",
            "2001:db8:2:1::1",
            false,
        ),
        ("192.0.2.1", "192.0.2.1", "192.0.2.1", true),
        ("192.0.2.2", "::ffff:192.0.2.2", "192.0.2.2", true),
        ("192.0.2.3", "192.0.2.4", "192.0.2.5", false),
    ];
    for (number, (first, second, third, are_one)) in table.into_iter().enumerate() {
        let name = format!("nobody_{number}");
        for from in [first, second] {
            login(&app, from, &name, "not-the-password")
                .await
                .expect_code(401, 10005);
        }
        let answer = login(&app, third, &name, "not-the-password").await;
        match are_one {
            true => answer.expect_code(403, 10004),
            false => answer.expect_code(401, 10005),
        };
    }
    app.stop().await;
}

async fn a_reset_makes_every_network_a_stranger_again(on: Backend) {
    let app = start(on, 10).await;
    let (id, _) = app.user("lisi", "user").await;
    for _ in 0..6 {
        login(&app, "203.0.113.1", "lisi", "not-the-password")
            .await
            .expect_code(401, 10005);
    }
    let body = json!({"username": "lisi", "password": "User-not-real-1"});
    try_login(&app, "127.0.0.1", &body).await.expect(200);
    let path = format!("/api/v1/users/{id}/reset-password");
    let reset = app.unrecorded().post(&path, &json!({})).await.expect(200);
    let temporary = reset.data()["new_password"]
        .as_str()
        .expect("a password")
        .to_owned();
    for _ in 0..6 {
        login(&app, "203.0.113.1", "lisi", "not-the-password")
            .await
            .expect_code(401, 10005);
    }
    let body = json!({"username": "lisi", "password": temporary});
    try_login(&app, "127.0.0.1", &body)
        .await
        .expect(422)
        .names("captcha");
    let answer = login(&app, "127.0.0.1", "lisi", &temporary)
        .await
        .expect(200);
    assert_eq!(answer.data()["user"]["must_change_password"], true);
    app.stop().await;
}

async fn whoever_has_a_session_cannot_guess_the_password_from_many_addresses(on: Backend) {
    let app = start(on, 3).await;
    let (_, lisi) = app.user("lisi", "user").await;
    let body = json!({
        "old_password": "not-the-password", "new_password": "User-not-real-2", "confirm_password": "User-not-real-2",
    });
    let mut answers = Vec::new();
    for network in 0..5 {
        let request = lisi
            .request(Method::PUT, "/api/v1/auth/password")
            .json(&body);
        let from = format!("203.0.113.{network}");
        answers.push(
            lisi.send(request.header("x-forwarded-for", from))
                .await
                .status,
        );
    }
    assert_eq!(answers, [422, 422, 422, 403, 403]);
    // Which keeps nobody from logging in.
    login(&app, "198.51.100.7", "lisi", "User-not-real-1")
        .await
        .expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_count_on_every_node() {
    let app = start(Backend::Postgres, 2).await;
    let other = app.beside().start().await;
    login(&app, "203.0.113.1", "admin", "not-the-password")
        .await
        .expect_code(401, 10005);
    login(&other, "203.0.113.1", "admin", "not-the-password")
        .await
        .expect_code(401, 10005);
    login(&app, "203.0.113.1", "admin", "not-the-password")
        .await
        .expect_code(403, 10004);
    login(&other, "203.0.113.1", "admin", "not-the-password")
        .await
        .expect_code(403, 10004);
    other.stop().await;
    app.stop().await;
}
