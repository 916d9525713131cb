//! Sessions of browsers: the refresh token is in a cookie.

use push_notify_tests::{Answer, Api, Backend, TestApp, both};
use reqwest::Method;
use serde_json::json;

both!(
    a_browser_keeps_its_refresh_token_where_scripts_cannot_read_it,
    a_refresh_says_where_its_token_is,
);

const NAME: &str = "push-notify-refresh";

/// The cookie that is to be kept, with its attributes.
fn kept(answer: &Answer) -> String {
    let cookie = answer.headers.get("set-cookie").expect("a cookie");
    cookie.to_str().expect("a text").to_owned()
}

fn value(cookie: &str) -> String {
    cookie.split(';').next().expect("a value").to_owned()
}

async fn with_cookie(api: &Api, path: &str, cookie: &str, body: serde_json::Value) -> Answer {
    let request = api.request(Method::POST, path).header("cookie", cookie);
    api.send(request.json(&body)).await
}

async fn a_browser_keeps_its_refresh_token_where_scripts_cannot_read_it(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous().unrecorded();
    let body = json!({"username": "admin", "password": app.admin_password, "cookie": true});
    let login = api.post("/api/v1/auth/login", &body).await.expect(200);
    assert!(login.data()["refresh_token"].is_null());
    let first = kept(&login);
    for attribute in [
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
        "Path=/api/v1/auth",
        "Max-Age=",
    ] {
        assert!(first.contains(attribute), "{first}");
    }
    let path = "/api/v1/auth/refresh";
    let refreshed = with_cookie(&api, path, &value(&first), json!({"cookie": true})).await;
    let refreshed = refreshed.expect(200);
    let second = kept(&refreshed);
    assert!(refreshed.data()["refresh_token"].is_null());
    assert_ne!(value(&first), value(&second));
    let token = refreshed.data()["access_token"].as_str().expect("a token");
    let logged_in = api.with_token(token);
    logged_in.get("/api/v1/auth/me").await.expect(200);
    // Another tab was faster.
    let late = with_cookie(&api, path, &value(&first), json!({"cookie": true})).await;
    late.expect_code(409, 409);
    let path_out = "/api/v1/auth/logout";
    let request = logged_in.request(Method::POST, path_out);
    let out = logged_in
        .send(request.header("cookie", value(&second)))
        .await;
    let gone = kept(&out.expect(200));
    assert!(gone.starts_with(&format!("{NAME}=;")) && gone.contains("Max-Age=0"));
    let over = with_cookie(&api, path, &value(&second), json!({"cookie": true})).await;
    over.expect(401);
    app.stop().await;
}

async fn a_refresh_says_where_its_token_is(on: Backend) {
    let app = TestApp::start(on).await;
    let api = app.anonymous().unrecorded();
    let path = "/api/v1/auth/refresh";
    for body in [
        json!({}),
        json!({"cookie": false}),
        json!({"cookie": true, "refresh_token": "a.b.c"}),
    ] {
        api.post(path, &body)
            .await
            .expect(422)
            .names("refresh_token");
    }
    api.post(path, &json!({"cookie": "yes"}))
        .await
        .expect(400)
        .names("cookie");
    api.post(path, &json!({"cookie": true})).await.expect(401);
    for cookie in ["", "push-notify-refresh=rubbish", "other=a.b.c"] {
        let answer = with_cookie(&api, path, cookie, json!({"cookie": true})).await;
        answer.expect(401);
    }
    // Without being asked for, no cookie is given.
    let (_, login) = api.login("admin", &app.admin_password).await;
    assert!(login.headers.get("set-cookie").is_none());
    assert!(login.data()["refresh_token"].is_string());
    app.stop().await;
}
