//! `/api/v1/auth/*`, and who may do what.

use push_notify_tests::{Backend, TestApp, both};
use serde_json::json;
use std::time::Duration;

both!(
    logging_in_shows_who_one_is,
    a_wrong_password_and_an_unknown_name_are_answered_alike,
    a_refresh_token_works_once_and_its_reuse_ends_the_session,
    a_token_ends_with_its_time_and_with_its_session,
    a_user_manages_their_own_repositories_but_not_the_pipeline,
    a_name_that_only_a_database_takes_for_anothers_is_nobodys,
);

async fn logging_in_shows_who_one_is(on: Backend) {
    let app = TestApp::start(on).await;
    let body = json!({"username": "admin", "password": app.admin_password});
    let answer = app
        .anonymous()
        .unrecorded()
        .post("/api/v1/auth/login", &body)
        .await
        .expect_code(200, 200);
    let data = answer.data();
    assert_eq!(data["token_type"], "Bearer");
    assert_eq!(data["expires_in"], 86400);
    assert_eq!(data["user"]["username"], "admin");
    assert_eq!(data["user"]["role"], "admin");
    let token = data["access_token"].as_str().expect("a token");
    let me = app
        .with_token(token)
        .get("/api/v1/auth/me")
        .await
        .expect(200);
    assert_eq!(me.data()["username"], "admin");
    assert_eq!(me.data()["status"], "active");
    assert!(me.data()["last_login_at"].as_str().is_some());
    assert!(me.data().get("password").is_none() && me.data().get("password_hash").is_none());
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_wrong_password_and_an_unknown_name_are_answered_alike(on: Backend) {
    let app = TestApp::start(on).await;
    let wrong = json!({"username": "admin", "password": "not-the-password"});
    let wrong = app
        .anonymous()
        .post("/api/v1/auth/login", &wrong)
        .await
        .expect_code(401, 10005);
    let nobody = json!({"username": "nobody", "password": "not-the-password"});
    let nobody = app
        .anonymous()
        .post("/api/v1/auth/login", &nobody)
        .await
        .expect_code(401, 10005);
    assert_eq!(wrong.json["message"], nobody.json["message"]);
    let incomplete = app
        .anonymous()
        .post("/api/v1/auth/login", &json!({"username": "admin"}))
        .await
        .expect(422);
    incomplete.names("password");
    app.stop().await;
}

async fn a_refresh_token_works_once_and_its_reuse_ends_the_session(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous().unrecorded();
    let (_, login) = api.login("admin", &app.admin_password).await;
    let first = login.data()["refresh_token"].clone();
    let refreshed = api
        .post("/api/v1/auth/refresh", &json!({"refresh_token": first}))
        .await
        .expect(200);
    let second = refreshed.data()["refresh_token"].clone();
    let access = refreshed.data()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    assert_ne!(first, second);
    api.with_token(&access)
        .get("/api/v1/auth/me")
        .await
        .expect(200);
    // Another tab used it at the same time: nothing is given, nothing ends.
    api.post("/api/v1/auth/refresh", &json!({"refresh_token": first}))
        .await
        .expect_code(409, 409);
    api.with_token(&access)
        .get("/api/v1/auth/me")
        .await
        .expect(200);
    // Somebody has a copy of it.
    app.advance(Duration::from_secs(11));
    api.post("/api/v1/auth/refresh", &json!({"refresh_token": first}))
        .await
        .expect(401);
    api.post("/api/v1/auth/refresh", &json!({"refresh_token": second}))
        .await
        .expect(401);
    api.with_token(&access)
        .get("/api/v1/auth/me")
        .await
        .expect(401);
    // One token is not the other.
    app.get("/api/v1/auth/me").await.expect(200);
    let access = json!({"refresh_token": app.secrets[0]});
    api.post("/api/v1/auth/refresh", &access).await.expect(401);
    api.with_token(&app.secrets[1])
        .get("/api/v1/auth/me")
        .await
        .expect(401);
    app.stop().await;
}

async fn a_token_ends_with_its_time_and_with_its_session(on: Backend) {
    let app = TestApp::start(on).await;
    let (other, _) = app
        .anonymous()
        .unrecorded()
        .login("admin", &app.admin_password)
        .await;
    other
        .post("/api/v1/auth/logout", &json!({}))
        .await
        .expect(200);
    other.get("/api/v1/auth/me").await.expect(401);
    app.get("/api/v1/auth/me").await.expect(200);
    app.advance(Duration::from_secs(86_400 + 60));
    app.get("/api/v1/auth/me").await.expect(401);
    app.stop().await;
}

async fn a_user_manages_their_own_repositories_but_not_the_pipeline(on: Backend) {
    let mut app = TestApp::start(on).await;
    let repo = app.repo("backend").await;
    let (_, lisi) = app.user("lisi", "user").await;
    lisi.get("/api/v1/repos").await.expect(200);
    lisi.get("/api/v1/pushes").await.expect(200);
    let renamed = json!({"name": "renamed"});
    let path = format!("/api/v1/repos/{}", repo.id);
    lisi.put(&path, &renamed).await.expect_code(403, 403);
    let own = json!({"name": "own", "url": "https://github.com/company/own", "type": "github"});
    let own = lisi.post("/api/v1/repos", &own).await.expect(200).id();
    let path = format!("/api/v1/repos/{own}");
    lisi.put(&path, &renamed).await.expect(200);
    lisi.post("/api/v1/events/1/replay", &json!({}))
        .await
        .expect_code(403, 403);
    lisi.post("/api/v1/plugins/reload", &json!({}))
        .await
        .expect_code(403, 403);
    let delete = lisi.request(reqwest::Method::DELETE, "/api/v1/pushes/batch-delete");
    let delete = lisi.send(delete.json(&json!({"ids": [1]}))).await;
    delete.expect_code(403, 403);
    lisi.get("/api/v1/models/1/logs")
        .await
        .expect_code(403, 403);
    app.stop().await;
}

async fn a_name_that_only_a_database_takes_for_anothers_is_nobodys(on: Backend) {
    let app = TestApp::start(on).await;
    for name in ["ADM\u{130}N", "adm\u{131}n", "\u{ff41}dmin"] {
        let body = json!({"username": name, "password": app.admin_password});
        let answer = app.anonymous().post("/api/v1/auth/login", &body).await;
        answer.expect_code(401, 10005);
    }
    let (me, _) = app
        .anonymous()
        .unrecorded()
        .login("ADMIN", &app.admin_password)
        .await;
    me.get("/api/v1/auth/me").await.expect(200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_but_login_refresh_and_health_wants_a_token() {
    let app = TestApp::start(Backend::Sqlite).await;
    let paths = [
        "/api/v1/auth/me",
        "/api/v1/repos",
        "/api/v1/repos/1",
        "/api/v1/repos/1/targets",
        "/api/v1/targets",
        "/api/v1/targets/1",
        "/api/v1/templates",
        "/api/v1/templates/1",
        "/api/v1/events",
        "/api/v1/events/1",
        "/api/v1/pushes",
        "/api/v1/pushes/1",
        "/api/v1/plugins",
    ];
    for path in paths {
        app.anonymous().get(path).await.expect_code(401, 401);
        app.with_token("not.a.token")
            .get(path)
            .await
            .expect_code(401, 401);
    }
    for path in [
        "/api/v1/repos",
        "/api/v1/targets",
        "/api/v1/templates",
        "/api/v1/events/1/replay",
        "/api/v1/plugins/reload",
    ] {
        app.anonymous()
            .post(path, &json!({}))
            .await
            .expect_code(401, 401);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_signed_by_somebody_else_is_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    let other = TestApp::start(Backend::Sqlite).await;
    app.with_token(&other.secrets[0])
        .get("/api/v1/auth/me")
        .await
        .expect(401);
    // `alg: none`, with the claims of a good one.
    let claims = app.secrets[0].split('.').nth(1).expect("three parts");
    let header = base64::Engine::encode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        r#"{"alg":"none","typ":"JWT"}"#,
    );
    app.with_token(&format!("{header}.{claims}."))
        .get("/api/v1/auth/me")
        .await
        .expect(401);
    app.stop().await;
    other.stop().await;
}
