use super::{config, feishu, message};
use crate::Feishu;
use push_notify_sdk::{Channel, testing};
use serde_json::json;

fn class(status: u16, body: &str) -> String {
    let host = feishu(status, body);
    testing::class(&host.run(|| Feishu::send(config(json!({})), message("t"))))
}

fn coded(code: i64, text: &str) -> String {
    class(200, &json!({"code": code, "msg": text}).to_string())
}

#[test]
fn only_code_0_is_delivered() {
    assert_eq!(coded(0, "success"), "ok");
    assert_eq!(
        class(200, r#"{"StatusCode":0,"StatusMessage":"success"}"#),
        "ok"
    );
    for code in [1, -1, 19002, 19036, 999_999, i64::MAX] {
        assert_eq!(coded(code, "never heard of"), "rejected", "{code}");
    }
}

#[test]
fn what_passes_is_tried_again() {
    assert_eq!(coded(11232, "frequency limited psm"), "throttled");
    assert_eq!(coded(9499, "too many request"), "throttled");
    assert_eq!(coded(9499, "Bad Request"), "retry");
    assert_eq!(class(400, r#"{"code":9499,"msg":"Bad Request"}"#), "retry");
    assert_eq!(class(429, ""), "retry");
}

#[test]
fn what_an_administrator_has_to_mend_is_misconfigured() {
    for code in [19001, 19021, 19022, 19024] {
        assert_eq!(coded(code, ""), "misconfigured", "{code}");
    }
    let old = r#"{"StatusCode":19024,"StatusMessage":"Key Words Not Found"}"#;
    assert_eq!(class(400, old), "misconfigured");
}

#[test]
fn an_unreadable_answer_is_tried_again_unless_the_status_says_more() {
    for body in ["", "<html>", "null", "[]", "{}", r#"{"code":"x"}"#] {
        assert_eq!(class(200, body), "retry", "{body}");
        assert_eq!(class(400, body), "rejected", "{body}");
    }
    assert_eq!(class(400, r#"{"code":0}"#), "rejected");
    assert_eq!(class(503, r#"{"code":0}"#), "retry");
    assert_eq!(class(404, r#"{"code":0}"#), "misconfigured");
}

#[test]
fn a_reason_stays_short() {
    let host = feishu(
        200,
        json!({"code": 77, "msg": "x".repeat(100_000)}).to_string(),
    );
    let failure = host.run(|| Feishu::send(config(json!({})), message("t")));
    assert!(format!("{failure:?}").len() < 400);
}
