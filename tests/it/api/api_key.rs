//! `/api/v1/api-keys`, and what a key may do.

use push_notify_tests::{Api, Backend, TestApp, both};
use serde_json::{Value, json};
use std::time::Duration;

both!(
    a_key_is_shown_once_and_works_within_its_scopes,
    a_key_ends_with_its_time_its_revocation_and_its_owner,
    a_key_manages_neither_keys_nor_passwords_nor_sessions,
    a_key_never_does_what_its_owner_may_not,
    a_key_makes_no_administrator_and_is_rid_of_none,
    a_key_needs_a_scope_for_all_that_a_test_does,
    a_key_may_end_after_some_seconds,
    everybody_sees_their_own_keys_and_an_administrator_all,
    what_a_key_may_be_is_checked,
);

const PATH: &str = "/api/v1/api-keys";

/// Makes a key, and returns its id and text.
async fn make(api: &Api, scopes: &[&str]) -> (i64, String) {
    make_with(api, scopes, Value::Null).await
}

async fn make_with(api: &Api, scopes: &[&str], expires_at: Value) -> (i64, String) {
    let body = json!({"name": "pipeline", "scopes": scopes, "expires_at": expires_at});
    let made = api.unrecorded().post(PATH, &body).await.expect(200);
    let key = made.data()["key"].as_str().expect("the key").to_owned();
    (made.id(), key)
}

async fn a_key_is_shown_once_and_works_within_its_scopes(on: Backend) {
    let mut app = TestApp::start(on).await;
    let (id, key) = make(&app, &["repos:read"]).await;
    assert!(key.starts_with("pnk_") && key.len() >= 36, "{key}");
    app.secrets.push(key.clone());
    let client = app.with_key(&key);
    client.get("/api/v1/repos").await.expect(200);
    // The other way to send it.
    let request = app
        .anonymous()
        .request(reqwest::Method::GET, "/api/v1/repos");
    let request = request.header("authorization", format!("ApiKey {key}"));
    app.send(request).await.expect(200);
    for path in ["/api/v1/targets", "/api/v1/users"] {
        client.get(path).await.expect_code(403, 403);
    }
    let body = json!({"name": "x", "url": "https://github.com/company/x", "type": "github"});
    let refused = client
        .post("/api/v1/repos", &body)
        .await
        .expect_code(403, 403);
    assert!(refused.text.contains("repos:write"), "{}", refused.text);
    let listed = app.get(PATH).await.expect(200);
    let listed = &listed.list()[0];
    assert_eq!(listed["id"], id);
    assert_eq!(listed["scopes"], json!(["repos:read"]));
    assert_eq!(listed["prefix"], key[..12]);
    assert!(listed["last_used_at"].as_str().is_some());
    assert!(listed.get("key").is_none() && listed.get("digest").is_none());
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_key_ends_with_its_time_its_revocation_and_its_owner(on: Backend) {
    let app = TestApp::start(on).await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (id, revoked) = make(&lisi, &["repos:read"]).await;
    let soon = app.server.app().clock.now_us() + 60_000_000;
    let soon = push_notify_core::clock::rfc3339(soon);
    let (_, short) = make_with(&lisi, &["repos:read"], json!(soon)).await;
    let (_, kept) = make(&lisi, &["repos:read"]).await;
    let works = async |key: &str, status: u16| {
        app.with_key(key).get("/api/v1/repos").await.expect(status);
    };
    for key in [&revoked, &short, &kept] {
        works(key, 200).await;
    }
    lisi.delete(&format!("{PATH}/{id}")).await.expect(200);
    works(&revoked, 401).await;
    lisi.delete(&format!("{PATH}/{id}")).await.expect(404);
    app.advance(Duration::from_secs(61));
    works(&short, 401).await;
    works(&kept, 200).await;
    let user = format!("/api/v1/users/{lisi_id}");
    let lock = format!("{user}/lock");
    app.put(&lock, &json!({"action": "lock"})).await.expect(200);
    works(&kept, 401).await;
    app.put(&lock, &json!({"action": "unlock"}))
        .await
        .expect(200);
    works(&kept, 200).await;
    app.delete(&user).await.expect(200);
    works(&kept, 401).await;
    for rubbish in [
        "",
        "pnk_",
        "pnk_0000000000000000000000000000000000000000",
        "张三",
    ] {
        let request = app
            .anonymous()
            .request(reqwest::Method::GET, "/api/v1/repos");
        let answer = app.send(request.header("x-api-key", rubbish)).await;
        answer.expect_code(401, 401);
    }
    app.stop().await;
}

async fn a_key_manages_neither_keys_nor_passwords_nor_sessions(on: Backend) {
    let app = TestApp::start(on).await;
    let (id, key) = make(&app, &["repos:read", "users:write"]).await;
    let client = app.with_key(&key);
    client.get(PATH).await.expect_code(403, 403);
    let more = json!({"name": "more", "scopes": ["repos:read"]});
    client.post(PATH, &more).await.expect_code(403, 403);
    client
        .delete(&format!("{PATH}/{id}"))
        .await
        .expect_code(403, 403);
    client
        .put("/api/v1/auth/password", &json!({}))
        .await
        .expect_code(403, 403);
    client
        .post("/api/v1/auth/logout", &json!({}))
        .await
        .expect_code(403, 403);
    let (lisi, _) = app.user("lisi", "user").await;
    client
        .post(&format!("/api/v1/users/{lisi}/reset-password"), &json!({}))
        .await
        .expect_code(403, 403);
    app.stop().await;
}

async fn a_key_never_does_what_its_owner_may_not(on: Backend) {
    let app = TestApp::start(on).await;
    let (lisi_id, lisi) = app.user("lisi", "admin").await;
    let (_, key) = make(&lisi, &["users:read", "repos:read"]).await;
    let client = app.with_key(&key);
    client.get("/api/v1/users").await.expect(200);
    app.put(
        &format!("/api/v1/users/{lisi_id}"),
        &json!({"role": "user"}),
    )
    .await
    .expect(200);
    client.get("/api/v1/users").await.expect_code(403, 403);
    client.get("/api/v1/repos").await.expect(200);
    app.stop().await;
}

async fn a_key_makes_no_administrator_and_is_rid_of_none(on: Backend) {
    let app = TestApp::start(on).await;
    let (user, _) = app.user("lisi", "user").await;
    let (admin, _) = app.user("wangwu", "admin").await;
    let (_, key) = make(&app, &["users:write"]).await;
    let client = app.with_key(&key);
    let (user, admin) = (
        format!("/api/v1/users/{user}"),
        format!("/api/v1/users/{admin}"),
    );
    let change = json!({"role": "admin"});
    client.put(&user, &change).await.expect_code(403, 403);
    for change in [
        json!({"role": "user"}),
        json!({"status": "locked"}),
        json!({"email": "other@example.com"}),
    ] {
        client.put(&admin, &change).await.expect_code(403, 403);
    }
    for action in ["lock", "unlock"] {
        client
            .put(&format!("{admin}/lock"), &json!({ "action": action }))
            .await
            .expect_code(403, 403);
    }
    client.delete(&admin).await.expect_code(403, 403);
    let shown = app.get(&admin).await.expect(200);
    assert_eq!(shown.data()["email"], "wangwu@example.com");
    assert_eq!(shown.data()["status"], "active");
    let change = json!({"role": "user", "email": "li@example.com"});
    client.put(&user, &change).await.expect(200);
    let lock = json!({"action": "lock"});
    client.put(&format!("{user}/lock"), &lock).await.expect(200);
    client.delete(&user).await.expect(200);
    app.stop().await;
}

async fn a_key_needs_a_scope_for_all_that_a_test_does(on: Backend) {
    let app = TestApp::start(on).await;
    for (path, body, own, other) in [
        (
            "/api/v1/templates/999/test",
            json!({"target_id": 999}),
            "templates:write",
            "targets:write",
        ),
        (
            "/api/v1/prompts/999/test",
            json!({"test_data": {}}),
            "prompts:write",
            "models:write",
        ),
    ] {
        let (_, key) = make(&app, &[own]).await;
        let refused = app.with_key(&key).post(path, &body).await;
        let refused = refused.expect_code(403, 403);
        assert!(refused.text.contains(other), "{}", refused.text);
        let (_, key) = make(&app, &[own, other]).await;
        app.with_key(&key).post(path, &body).await.expect(404);
        app.post(path, &body).await.expect(404);
    }
    app.stop().await;
}

async fn a_key_may_end_after_some_seconds(on: Backend) {
    let app = TestApp::start(on).await;
    let body = json!({"name": "short", "scopes": ["repos:read"], "expires_in": 60});
    let made = app.unrecorded().post(PATH, &body).await.expect(200);
    assert!(made.data()["expires_at"].is_string());
    let client = app.with_key(made.data()["key"].as_str().expect("the key"));
    client.get("/api/v1/repos").await.expect(200);
    app.advance(Duration::from_secs(61));
    client.get("/api/v1/repos").await.expect(401);
    app.stop().await;
}

async fn everybody_sees_their_own_keys_and_an_administrator_all(on: Backend) {
    let app = TestApp::start(on).await;
    let (lisi_id, lisi) = app.user("lisi", "user").await;
    let (mine, _) = make(&app, &["repos:read"]).await;
    let (theirs, key) = make(&lisi, &["repos:read"]).await;
    let ids = |answer: push_notify_tests::Answer| {
        let ids = answer.list().iter().map(|key| key["id"].as_i64());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids(lisi.get(PATH).await.expect(200)), [Some(theirs)]);
    assert_eq!(ids(app.get(PATH).await.expect(200)), [Some(mine)]);
    let of_lisi = format!("{PATH}?user_id={lisi_id}");
    assert_eq!(ids(app.get(&of_lisi).await.expect(200)), [Some(theirs)]);
    lisi.get(&format!("{PATH}?user_id=1"))
        .await
        .expect_code(403, 403);
    lisi.delete(&format!("{PATH}/{mine}")).await.expect(404);
    app.delete(&format!("{PATH}/{theirs}")).await.expect(200);
    app.with_key(&key).get("/api/v1/repos").await.expect(401);
    app.stop().await;
}

async fn what_a_key_may_be_is_checked(on: Backend) {
    let app = TestApp::start(on).await;
    for (body, status, named) in [
        (json!({}), 422, "name"),
        (json!({"name": "x"}), 422, "scopes"),
        (json!({"name": "x", "scopes": []}), 422, "scopes"),
        (json!({"name": "x", "scopes": "repos:read"}), 400, "scopes"),
        (json!({"name": "x", "scopes": ["repos:all"]}), 422, "scopes"),
        (
            json!({"name": "x", "scopes": ["repos:read"], "expires_at": "soon"}),
            422,
            "expires_at",
        ),
        (
            json!({"name": "x", "scopes": ["repos:read"], "expires_at": "2020-01-01T00:00:00Z"}),
            422,
            "expires_at",
        ),
        (
            json!({"name": "x", "scopes": ["repos:read"], "expires_at": 1}),
            400,
            "expires_at",
        ),
        (
            json!({"name": "x", "scopes": ["repos:read"], "expires_in": 0}),
            422,
            "expires_in",
        ),
        (
            json!({"name": "x", "scopes": ["repos:read"], "expires_at": "2100-01-01T00:00:00Z", "expires_in": 60}),
            422,
            "expires_in",
        ),
    ] {
        app.post(PATH, &body).await.expect(status).names(named);
    }
    app.delete(&format!("{PATH}/999")).await.expect(404);
    app.stop().await;
}
