use crate::{
    network::serve,
    setup::{SECRET, Setup, log, logged, note, send},
};
use axum::{
    Router,
    extract::RawQuery,
    http::HeaderMap,
    routing::{get, post},
};
use hmac::{Hmac, KeyInit, Mac};
use push_notify_host::Failure;
use serde_json::json;
use sha2::Sha256;
use std::sync::{Arc, Mutex};

fn is_placeholder(text: &str) -> bool {
    text.len() == 39 && text.starts_with("pns") && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[tokio::test]
async fn guest_holds_a_placeholder_fresh_for_each_call() {
    let host = Setup::new().misbehaving().await;
    let first = note(&host, json!({"mode": "tell_secret", "token": SECRET})).await;
    let second = note(&host, json!({"mode": "tell_secret", "token": SECRET})).await;
    assert!(is_placeholder(&first), "{first}");
    assert_ne!(first, second);
}

#[tokio::test]
async fn value_goes_where_it_belongs_and_nowhere_else() {
    log();
    // What an encoder would change, and what must not reach a header.
    let secret = "odd & secret/value=?#%41 ünreal";
    type Seen = Arc<Mutex<(String, String, String)>>;
    let seen = Seen::default();
    let here = Arc::clone(&seen);
    let echo = move |query: RawQuery, headers: HeaderMap, body: String| async move {
        let query = query.0.unwrap();
        let authorization =
            String::from_utf8(headers["authorization"].as_bytes().to_vec()).unwrap();
        let answer = format!("{query} | {authorization} | {body}");
        let value = axum::http::HeaderValue::from_bytes(authorization.as_bytes()).unwrap();
        *here.lock().unwrap() = (query, authorization, body);
        ([("x-echo", value)], answer)
    };
    let url = serve(Router::new().route("/", post(echo))).await;
    let host = Setup::new().misbehaving().await;
    let told = note(
        &host,
        json!({"mode": "secret_everywhere", "url": url, "token": secret}),
    )
    .await;

    let (query, authorization, body) = seen.lock().unwrap().clone();
    assert_eq!(
        query,
        "token=odd%20%26%20secret%2Fvalue%3D%3F%23%2541%20%C3%BCnreal"
    );
    assert_eq!(authorization, format!("Bearer {secret}"));
    assert_eq!(body, "nothing to hide");
    // The echo comes back as the placeholder, encoded or not, in headers and body.
    let shown = told.split('"').nth(1).unwrap_or_default();
    let shown = shown.strip_prefix("Bearer ").unwrap_or_default();
    assert!(is_placeholder(shown), "{told}");
    let expected = format!("Some(\"Bearer {shown}\") token={shown} | Bearer {shown} | {body}");
    assert_eq!(told, expected);
    let log = logged();
    assert!(log.contains(&format!("the token is {shown}")));
    assert!(!log.contains(secret) && !log.contains("odd%20%26"));
}

/// In a body only where the plugin says so, and as the body's form wants it.
#[tokio::test]
async fn value_goes_into_a_body_that_is_marked_for_it() {
    let secret = "odd \"& secret\\/=ü";
    let seen = Arc::new(Mutex::new(Vec::new()));
    let here = Arc::clone(&seen);
    let far = move |headers: HeaderMap, body: String| async move {
        let authorization = headers.get("authorization");
        let authorization = authorization.map(|value| value.to_str().unwrap().to_owned());
        here.lock()
            .unwrap()
            .push(authorization.unwrap_or_else(|| body.clone()));
        body
    };
    let url = serve(Router::new().route("/", post(far))).await;
    let host = Setup::new().misbehaving().await;
    for (form, expected) in [
        (
            "json",
            r#"["it is odd \"& secret\\/=ü, twice odd \"& secret\\/=ü"]"#,
        ),
        (
            "form",
            "key=it%20is%20odd%20%22%26%20secret%5C%2F%3D%C3%BC%2C%20twice%20odd%20%22%26%20secret%5C%2F%3D%C3%BC",
        ),
        (
            "plain",
            "it is odd \"& secret\\/=ü, twice odd \"& secret\\/=ü",
        ),
        ("basic", "Basic dXNlcjpvZGQgIiYgc2VjcmV0XC89w7w="),
    ] {
        let config = json!({
            "mode": "secret_in_body", "url": url, "username": form, "token": secret
        });
        let told = note(&host, config).await;
        assert_eq!(seen.lock().unwrap().pop().as_deref(), Some(expected));
        assert!(!told.contains("secret"), "{form}: {told}");
    }
    for (form, reason) in [
        ("unmarked", "a secret is in the body"),
        ("colon", "a user name has a colon"),
    ] {
        let config = json!({
            "mode": "secret_in_body", "url": url, "username": form, "token": secret
        });
        match send(&host, config).await {
            Ok(Err(Failure::Rejected(why))) => assert!(why.contains(reason), "{why}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(seen.lock().unwrap().pop(), None);
    }
}

#[tokio::test]
async fn value_never_becomes_a_part_of_the_host() {
    let host = Setup::new().misbehaving().await;
    for url in [
        "https://%4{token}/",
        "https://%{token}",
        "https://host.example.com:1{token}/",
        "https://{token}/",
        "https://host.example.com{token}/",
        "{token}{token}",
        "https:{token}",
        " {token}",
    ] {
        for token in ["1test-secret-not-real.example.com", "443", "2e.example.com"] {
            let config = json!({"mode": "get_filled", "url": url, "token": token});
            let Err(Failure::Rejected(reason)) = send(&host, config).await.unwrap() else {
                panic!("{url} with {token}")
            };
            assert!(!reason.contains(token), "{url}: {reason}");
        }
    }
    let config = json!({"mode": "get_filled", "url": "{token}{token}", "token": "https://hooks.example.com"});
    let Err(Failure::Rejected(reason)) = send(&host, config).await.unwrap() else {
        panic!("sent")
    };
    assert_eq!(reason, "a secret cannot be a part of the host");
}

#[tokio::test]
async fn value_with_a_line_break_is_refused_in_a_header() {
    let url = serve(Router::new().route("/", post(|| async { "reached" }))).await;
    let host = Setup::new().misbehaving().await;
    let config =
        json!({"mode": "secret_everywhere", "url": url, "token": "test-secret\r\nx-evil: 1"});
    let Err(Failure::Rejected(reason)) = send(&host, config).await.unwrap() else {
        panic!("sent")
    };
    assert_eq!(reason, "header `authorization` cannot be sent");
}

#[tokio::test]
async fn crypto_works_on_values() {
    let host = Setup::new().misbehaving().await;
    let told = note(&host, json!({"mode": "crypto", "token": SECRET})).await;
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("message {SECRET}").as_bytes());
    let signed = hex::encode(mac.finalize().into_bytes());
    // A digest is of what the guest gave, or it could be looked up in a table.
    assert_eq!(told, format!("{signed} true false false"));
}

#[tokio::test]
async fn secret_may_be_a_whole_url() {
    let url = serve(Router::new().route("/hook/{key}", get(|| async { "reached" }))).await;
    let host = Setup::new().misbehaving().await;
    let mut settings = crate::setup::settings(json!({"mode": "get"}));
    let value = push_notify_host::SecretValue::new(format!("{url}/hook/test-secret-not-real"));
    settings.secrets.push(("url".to_owned(), value));
    let channel = crate::setup::misbehaving(&host);
    let answer = channel
        .send(&crate::setup::message(), &settings)
        .await
        .unwrap();
    assert_eq!(answer.unwrap().note.unwrap(), "200 reached");
}

#[tokio::test]
async fn refusals_and_errors_keep_the_secret() {
    let host = Setup::new().misbehaving().await;
    let mut settings = crate::setup::settings(json!({"mode": "get"}));
    let channel = crate::setup::misbehaving(&host);
    for value in [
        "test-secret-not-real",
        "https://user:test-secret-not-real@example.com",
        "ftp://test-secret-not-real.example.com",
        "http://test-secret-not-real.invalid/",
        "http://127.0.0.1:1/test-secret-not-real",
    ] {
        let value = push_notify_host::SecretValue::new(value);
        settings.secrets = vec![("url".to_owned(), value)];
        let answer = channel
            .send(&crate::setup::message(), &settings)
            .await
            .unwrap();
        let text = format!("{:?}", answer.unwrap_err());
        assert!(!text.contains(SECRET), "{text}");
    }
}
