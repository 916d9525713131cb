//! `/api/v1/users`, and a user's own password.

use push_notify_tests::{Backend, TestApp, both};
use serde_json::{Value, json};

both!(
    an_administrator_makes_finds_changes_and_deletes_users,
    a_name_and_an_address_have_one_user,
    locking_ends_sessions_at_once_and_unlocking_lets_in_again,
    a_reset_password_must_be_changed_before_anything_else,
    changing_ones_password_ends_the_other_sessions,
    a_password_change_under_way_does_not_undo_a_reset,
    a_reset_ends_keys_and_a_change_does_not,
    the_last_administrator_stays,
    two_administrators_cannot_remove_one_another_at_once,
);

async fn an_administrator_makes_finds_changes_and_deletes_users(on: Backend) {
    let app = TestApp::start(on).await;
    let new = json!({"username": "zhang_san", "email": "Zhang@Example.com", "password": "User-not-real-1", "role": "user"});
    let made = app.post("/api/v1/users", &new).await.expect(200);
    let path = format!("/api/v1/users/{}", made.id());
    let shown = app.get(&path).await.expect(200);
    assert_eq!(shown.data()["username"], "zhang_san");
    assert_eq!(shown.data()["email"], "zhang@example.com");
    assert_eq!(shown.data()["status"], "active");
    assert!(shown.data()["last_login_at"].is_null());
    assert!(shown.data()["created_at"].as_str().is_some());

    let found = |answer: push_notify_tests::Answer| {
        let names = answer.list().iter().map(|user| user["username"].clone());
        names.collect::<Vec<Value>>()
    };
    for (query, names) in [
        ("keyword=HANG_", vec!["zhang_san"]),
        ("keyword=example.com", vec!["zhang_san"]),
        ("keyword=%25", vec![]),
        ("role=admin", vec!["admin"]),
        ("status=locked", vec![]),
        ("sort=username&order=asc", vec!["admin", "zhang_san"]),
    ] {
        let answer = app.get(&format!("/api/v1/users?{query}")).await.expect(200);
        assert_eq!(found(answer), names, "{query}");
    }
    app.get("/api/v1/users?role=root").await.expect(400);

    let change = json!({"email": "san@example.com", "role": "admin"});
    let changed = app.put(&path, &change).await.expect(200);
    assert_eq!(changed.data()["role"], "admin");
    app.put(&path, &json!({"email": "nowhere"}))
        .await
        .expect(422)
        .names("email");
    app.put(&path, &json!({"status": "pending"}))
        .await
        .expect(422)
        .names("status");

    app.delete(&path).await.expect(200);
    app.get(&path).await.expect(404);
    app.put(&path, &json!({})).await.expect(404);
    app.delete(&path).await.expect(404);
    // Name and address are free again.
    app.post("/api/v1/users", &new).await.expect(200);
    app.assert_nothing_leaked();
    app.stop().await;
}

async fn a_name_and_an_address_have_one_user(on: Backend) {
    let app = TestApp::start(on).await;
    let user = |name: &str, email: &str, password: &str| json!({"username": name, "email": email, "password": password, "role": "user"});
    let sound = "User-not-real-1";
    app.post("/api/v1/users", &user("lisi", "lisi@example.com", sound))
        .await
        .expect(200);
    app.post("/api/v1/users", &user("LiSi", "other@example.com", sound))
        .await
        .expect_code(409, 10001);
    app.post("/api/v1/users", &user("wang", "LISI@example.com", sound))
        .await
        .expect_code(409, 10002);
    app.put("/api/v1/users/1", &json!({"email": "lisi@example.com"}))
        .await
        .expect_code(409, 10002);
    for weak in [
        "Short1a",
        "no-upper-case-1",
        "NO-LOWER-CASE-1",
        "No-digit-at-all",
    ] {
        app.post("/api/v1/users", &user("wang", "wang@example.com", weak))
            .await
            .expect_code(422, 10003)
            .names("password");
    }
    for name in [
        "ab",
        "a-name",
        "名字名字",
        "a name",
        "123456789012345678901",
    ] {
        app.post("/api/v1/users", &user(name, "wang@example.com", sound))
            .await
            .expect_code(422, 422)
            .names("username");
    }
    for email in [
        "nowhere",
        "a@",
        "@b.example",
        "a b@example.com",
        "a@example.com\r\nBcc: b@example.com",
    ] {
        app.post("/api/v1/users", &user("wang", email, sound))
            .await
            .expect_code(422, 422)
            .names("email");
    }
    let nothing = app.post("/api/v1/users", &json!({})).await.expect(422);
    for field in ["username", "email", "password", "role"] {
        nothing.names(field);
    }
    app.post("/api/v1/users", &json!({"username": 1}))
        .await
        .expect_code(400, 400)
        .names("username");
    app.stop().await;
}

async fn locking_ends_sessions_at_once_and_unlocking_lets_in_again(on: Backend) {
    let app = TestApp::start(on).await;
    let (id, lisi) = app.user("lisi", "user").await;
    let path = format!("/api/v1/users/{id}/lock");
    lisi.get("/api/v1/auth/me").await.expect(200);
    app.put(&path, &json!({"action": "lock"})).await.expect(200);
    lisi.get("/api/v1/auth/me").await.expect(401);
    let body = json!({"username": "lisi", "password": "User-not-real-1"});
    app.anonymous()
        .post("/api/v1/auth/login", &body)
        .await
        .expect_code(403, 10004);
    let wrong = json!({"username": "lisi", "password": "not-the-password"});
    app.anonymous()
        .post("/api/v1/auth/login", &wrong)
        .await
        .expect_code(401, 10005);
    app.put(&path, &json!({"action": "unlock"}))
        .await
        .expect(200);
    lisi.get("/api/v1/auth/me").await.expect(401);
    app.anonymous()
        .unrecorded()
        .login("lisi", "User-not-real-1")
        .await;
    app.put(&path, &json!({"action": "open"}))
        .await
        .expect(422)
        .names("action");
    app.put(&path, &json!({})).await.expect(422).names("action");
    app.stop().await;
}

async fn a_reset_password_must_be_changed_before_anything_else(on: Backend) {
    let app = TestApp::start(on).await;
    let (id, lisi) = app.user("lisi", "user").await;
    let path = format!("/api/v1/users/{id}/reset-password");
    let reset = app.unrecorded().post(&path, &json!({})).await.expect(200);
    let temporary = reset.data()["new_password"].as_str().expect("a password");
    lisi.get("/api/v1/auth/me").await.expect(401);
    let old = json!({"username": "lisi", "password": "User-not-real-1"});
    app.anonymous()
        .post("/api/v1/auth/login", &old)
        .await
        .expect_code(401, 10005);
    let (lisi, login) = app.anonymous().unrecorded().login("lisi", temporary).await;
    assert_eq!(login.data()["user"]["must_change_password"], true);
    lisi.get("/api/v1/auth/me").await.expect(200);
    let refused = lisi.get("/api/v1/repos").await.expect_code(403, 403);
    assert!(refused.text.contains("password"), "{}", refused.text);
    let change = json!({"old_password": temporary, "new_password": "User-not-real-2", "confirm_password": "User-not-real-2"});
    lisi.put("/api/v1/auth/password", &change).await.expect(200);
    lisi.get("/api/v1/repos").await.expect(200);
    app.anonymous()
        .unrecorded()
        .login("lisi", "User-not-real-2")
        .await;
    app.post("/api/v1/users/999/reset-password", &json!({}))
        .await
        .expect(404);
    app.stop().await;
}

async fn changing_ones_password_ends_the_other_sessions(on: Backend) {
    let app = TestApp::start(on).await;
    let (_, here) = app.user("lisi", "user").await;
    let (there, _) = app
        .anonymous()
        .unrecorded()
        .login("lisi", "User-not-real-1")
        .await;
    let change = |old: &str, new: &str, again: &str| json!({"old_password": old, "new_password": new, "confirm_password": again});
    let path = "/api/v1/auth/password";
    here.put(
        path,
        &change("not-the-password", "User-not-real-2", "User-not-real-2"),
    )
    .await
    .expect_code(422, 10005)
    .names("old_password");
    here.put(path, &change("User-not-real-1", "weak", "weak"))
        .await
        .expect_code(422, 10003)
        .names("new_password");
    here.put(
        path,
        &change("User-not-real-1", "User-not-real-2", "User-not-real-3"),
    )
    .await
    .expect_code(422, 422)
    .names("confirm_password");
    here.put(
        path,
        &change("User-not-real-1", "User-not-real-1", "User-not-real-1"),
    )
    .await
    .expect_code(422, 422)
    .names("new_password");
    there.get("/api/v1/auth/me").await.expect(200);
    here.put(
        path,
        &change("User-not-real-1", "User-not-real-2", "User-not-real-2"),
    )
    .await
    .expect(200);
    here.get("/api/v1/auth/me").await.expect(200);
    there.get("/api/v1/auth/me").await.expect(401);
    app.stop().await;
}

async fn a_password_change_under_way_does_not_undo_a_reset(on: Backend) {
    let app = TestApp::start(on).await;
    let (id, _) = app.user("lisi", "user").await;
    let path = format!("/api/v1/users/{id}/reset-password");
    let mut password = "User-not-real-1".to_owned();
    for round in 0..4 {
        let api = app.anonymous().unrecorded();
        let (lisi, _) = api.login("lisi", &password).await;
        let new = format!("Another-not-real-{round}");
        let change =
            json!({"old_password": password, "new_password": new, "confirm_password": new});
        let admin = app.unrecorded();
        let nothing = json!({});
        let (_, reset) = tokio::join!(
            lisi.put("/api/v1/auth/password", &change),
            admin.post(&path, &nothing)
        );
        let temporary = reset.expect(200).data()["new_password"].clone();
        password = temporary.as_str().expect("a password").to_owned();
        api.login("lisi", &password).await;
    }
    app.stop().await;
}

async fn a_reset_ends_keys_and_a_change_does_not(on: Backend) {
    let app = TestApp::start(on).await;
    let (id, lisi) = app.user("lisi", "user").await;
    let key = json!({"name": "pipeline", "scopes": ["repos:read"]});
    let key = lisi.post("/api/v1/api-keys", &key).await.expect(200);
    let key = app.with_key(key.data()["key"].as_str().expect("the key"));
    let change = |old: &str, new: &str| json!({"old_password": old, "new_password": new, "confirm_password": new});
    let path = "/api/v1/auth/password";
    lisi.put(path, &change("User-not-real-1", "User-not-real-2"))
        .await
        .expect(200);
    key.get("/api/v1/repos").await.expect(200);
    let reset = format!("/api/v1/users/{id}/reset-password");
    let reset = app.unrecorded().post(&reset, &json!({})).await.expect(200);
    key.get("/api/v1/repos").await.expect(401);
    let temporary = reset.data()["new_password"].as_str().expect("a password");
    let (lisi, _) = app.anonymous().unrecorded().login("lisi", temporary).await;
    lisi.put(path, &change(temporary, "User-not-real-3"))
        .await
        .expect(200);
    key.get("/api/v1/repos").await.expect(401);
    app.stop().await;
}

async fn the_last_administrator_stays(on: Backend) {
    let app = TestApp::start(on).await;
    let me = "/api/v1/users/1";
    app.delete(me).await.expect_code(409, 409);
    for change in [json!({"role": "user"}), json!({"status": "locked"})] {
        app.put(me, &change).await.expect_code(409, 409);
    }
    app.put(&format!("{me}/lock"), &json!({"action": "lock"}))
        .await
        .expect_code(409, 409);
    // One who cannot log in does not count.
    let (other, _) = app.user("other", "admin").await;
    app.put(
        &format!("/api/v1/users/{other}/lock"),
        &json!({"action": "lock"}),
    )
    .await
    .expect(200);
    app.put(me, &json!({"role": "user"}))
        .await
        .expect_code(409, 409);
    app.put(
        &format!("/api/v1/users/{other}/lock"),
        &json!({"action": "unlock"}),
    )
    .await
    .expect(200);
    app.put(me, &json!({"status": "locked"}))
        .await
        .expect_code(409, 409);
    app.put(me, &json!({"role": "user"})).await.expect(200);
    app.get("/api/v1/users").await.expect(401);
    app.stop().await;
}

async fn two_administrators_cannot_remove_one_another_at_once(on: Backend) {
    let app = TestApp::start(on).await;
    for round in 0..5 {
        let (other, theirs) = app.user(&format!("other{round}"), "admin").await;
        let demote = json!({"role": "user"});
        let (there, mine) = (format!("/api/v1/users/{other}"), "/api/v1/users/1");
        let (one, two) = tokio::join!(app.put(&there, &demote), theirs.put(mine, &demote));
        let demoted = [&one, &two]
            .iter()
            .filter(|answer| answer.status == 200)
            .count();
        assert_eq!(demoted, 1, "{} {}", one.text, two.text);
        if two.status == 200 {
            break;
        }
    }
    app.stop().await;
}
