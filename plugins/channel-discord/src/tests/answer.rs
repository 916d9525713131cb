use super::{config, discord, message};
use crate::Discord;
use push_notify_sdk::{Channel, testing};
use serde_json::json;

fn class(status: u16, body: &str) -> String {
    let host = discord(status, body);
    testing::class(&host.run(|| Discord::send(config(json!({})), message("t"))))
}

fn coded(status: u16, code: i64) -> String {
    class(
        status,
        &json!({"code": code, "message": "never heard of"}).to_string(),
    )
}

#[test]
fn discord_says_in_the_body_how_long_to_wait() {
    assert_eq!(
        class(429, r#"{"retry_after":1.3371,"global":false}"#),
        "retry 1338"
    );
    assert_eq!(class(429, r#"{"retry_after":1e300}"#), "retry 3600000");
    assert_eq!(class(429, r#"{"retry_after":-1}"#), "throttled");
    assert_eq!(class(429, "<html>"), "throttled");
}

#[test]
fn the_code_decides_before_the_status() {
    for (status, code, expected) in [
        (404, 10015, "misconfigured"),
        (401, 50027, "misconfigured"),
        (400, 220_001, "misconfigured"),
        (400, 50035, "rejected"),
        (400, 50006, "rejected"),
        (413, 40005, "rejected"),
        (400, 20028, "throttled"),
        (400, 999_999, "rejected"),
        (404, 10008, "misconfigured"),
        (500, 0, "retry"),
    ] {
        assert_eq!(coded(status, code), expected, "{status} {code}");
    }
}

#[test]
fn an_unreadable_answer_is_tried_again() {
    for body in ["<html>", "null", "[]"] {
        assert_eq!(class(200, body), "retry", "{body}");
    }
    assert_eq!(class(204, ""), "ok");
    assert_eq!(class(200, r#"{"id":[1]}"#), "ok");
    assert_eq!(class(401, "no"), "misconfigured");
}

#[test]
fn a_reason_stays_short() {
    let body = json!({"code": 50035, "message": "x".repeat(100_000)}).to_string();
    let failure = discord(400, body).run(|| Discord::send(config(json!({})), message("t")));
    assert!(format!("{failure:?}").len() < 400);
}
