use super::{config, dingtalk, message};
use crate::Dingtalk;
use push_notify_sdk::{Channel, Failure, testing};
use serde_json::json;

fn class(status: u16, body: &str) -> String {
    let host = dingtalk(status, body);
    testing::class(&host.run(|| Dingtalk::send(config(json!({})), message("t", "b"))))
}

fn coded(code: i64, text: &str) -> String {
    class(200, &json!({"errcode": code, "errmsg": text}).to_string())
}

#[test]
fn only_errcode_0_is_delivered() {
    assert_eq!(coded(0, "ok"), "ok");
    assert_eq!(class(200, r#"{"errcode":"0","errmsg":"ok"}"#), "ok");
    for code in [1, 2, 999_999, -2, i64::MAX, i64::MIN] {
        assert_eq!(coded(code, "never heard of"), "rejected", "{code}");
    }
}

#[test]
fn what_passes_is_tried_again() {
    assert_eq!(coded(-1, "system busy"), "retry");
    assert_eq!(coded(-1, "系统繁忙"), "retry");
    assert_eq!(
        coded(130101, "send too fast, exceed 20 times per minute"),
        "throttled"
    );
    assert_eq!(coded(130101, ""), "throttled");
    assert_eq!(coded(410100, "发送速度太快而限流"), "throttled");
    assert_eq!(coded(660026, ""), "throttled");
}

#[test]
fn the_gateway_says_how_long_to_wait() {
    let throttle = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"00"}"#;
    assert_eq!(class(200, throttle), "retry 5000");
    assert_eq!(class(200, r#"{"status":1111,"wait":2.5}"#), "retry 2500");
    assert_eq!(class(200, r#"{"status":1111,"wait":"soon"}"#), "retry 5000");
    assert_eq!(class(200, r#"{"status":1111,"wait":-1}"#), "retry 5000");
    let merged = r#"{"errcode":130101,"errmsg":"send too fast","status":1111,"wait":5}"#;
    assert_eq!(class(200, merged), "throttled");
    let longer = r#"{"errcode":130101,"errmsg":"send too fast","status":1111,"wait":90}"#;
    assert_eq!(class(200, longer), "throttled");
}

#[test]
fn what_an_administrator_has_to_mend_is_misconfigured() {
    for text in [
        "keywords not in content, more: [https://ding.example.com/help]",
        "invalid timestamp",
        "sign not match",
        "ip 192.0.2.1 not in whitelist",
        "",
    ] {
        assert_eq!(coded(310000, text), "misconfigured", "{text}");
    }
    for code in [300001, 300005, 400101, 400102, 400106, 400013] {
        assert_eq!(coded(code, ""), "misconfigured", "{code}");
    }
}

#[test]
fn what_dingtalk_will_never_take_is_rejected() {
    for code in [430101, 430102, 430103, 430104, 400105, 40035, 43002, 43004] {
        assert_eq!(coded(code, ""), "rejected", "{code}");
    }
    assert_eq!(
        coded(40035, "message too long, exceed 20000 bytes"),
        "rejected"
    );
}

#[test]
fn the_text_weighs_more_than_the_code() {
    assert_eq!(coded(40035, "token is not exist"), "misconfigured");
    assert_eq!(
        coded(310000, "Send too fast, exceed 20 times per minute"),
        "throttled"
    );
    assert_eq!(coded(999_999, "system busy"), "retry");
}

#[test]
fn an_unreadable_answer_is_tried_again() {
    for body in [
        "",
        "<html>",
        "null",
        "[]",
        "1",
        "{}",
        r#"{"errcode":null}"#,
        r#"{"errcode":"x"}"#,
    ] {
        assert_eq!(class(200, body), "retry", "{body}");
    }
}

#[test]
fn another_status_decides_without_the_body() {
    assert_eq!(class(503, r#"{"errcode":0}"#), "retry");
    assert_eq!(class(404, r#"{"errcode":0}"#), "misconfigured");
    assert_eq!(class(400, r#"{"errcode":0}"#), "rejected");
}

#[test]
fn the_reason_says_code_and_text_at_bounded_length() {
    let host = dingtalk(
        200,
        json!({"errcode": 77, "errmsg": "x".repeat(100_000)}).to_string(),
    );
    let failure = host.run(|| Dingtalk::send(config(json!({})), message("t", "b")));
    let Err(Failure::Rejected(reason)) = failure else {
        panic!("{failure:?}");
    };
    assert!(
        reason.starts_with("DingTalk errcode 77: xxx") && reason.len() < 400,
        "{reason}"
    );
}
