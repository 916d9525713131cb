use super::{config, message};
use crate::Telegram;
use push_notify_sdk::{
    Channel,
    testing::{self, Host},
};
use serde_json::json;

fn class(status: u16, body: &str) -> String {
    let body = body.to_owned();
    let host = Host::new().http(move |_| Ok(testing::response(status, body.clone())));
    testing::class(&host.run(|| Telegram::send(config(json!({})), message("t"))))
}

fn said(code: u16, text: &str) -> String {
    class(
        code,
        &json!({"ok": false, "error_code": code, "description": text}).to_string(),
    )
}

#[test]
fn telegram_says_in_the_body_how_long_to_wait() {
    let wait = r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":35}}"#;
    assert_eq!(class(429, wait), "retry 35000");
    assert_eq!(said(429, "Too Many Requests"), "throttled");
    let long = r#"{"ok":false,"error_code":429,"parameters":{"retry_after":999999999}}"#;
    assert_eq!(class(429, long), "retry 3600000");
}

#[test]
fn the_code_decides_and_of_400_the_text() {
    for (code, text, expected) in [
        (401, "Unauthorized", "misconfigured"),
        (
            403,
            "Forbidden: bot was kicked from the group chat",
            "misconfigured",
        ),
        (404, "Not Found", "misconfigured"),
        (400, "Bad Request: chat not found", "misconfigured"),
        (
            400,
            "Bad Request: message thread not found",
            "misconfigured",
        ),
        (
            400,
            "Bad Request: not enough rights to send text messages",
            "misconfigured",
        ),
        (400, "Bad Request: message is too long", "rejected"),
        (400, "Bad Request: never heard of", "rejected"),
        (500, "Internal Server Error", "retry"),
    ] {
        assert_eq!(said(code, text), expected, "{text}");
    }
}

#[test]
fn an_unreadable_answer_is_tried_again() {
    for body in ["", "<html>", "null", "[]", "{}"] {
        assert_eq!(class(200, body), "retry", "{body}");
    }
    for result in ["1", "[]", r#"{"message_id":"x","chat":[1]}"#] {
        assert_eq!(
            class(200, &format!("{{\"ok\":true,\"result\":{result}}}")),
            "ok"
        );
    }
    assert_eq!(class(502, "<html>"), "retry");
}

#[test]
fn a_reason_stays_short() {
    let body =
        json!({"ok": false, "error_code": 400, "description": "x".repeat(100_000)}).to_string();
    let host = Host::new().http(move |_| Ok(testing::response(400, body.clone())));
    let failure = host.run(|| Telegram::send(config(json!({})), message("t")));
    assert!(format!("{failure:?}").len() < 400);
}
