use super::{config, message, wecom};
use crate::Wecom;
use push_notify_sdk::{Channel, testing};
use serde_json::json;

fn class(status: u16, body: &str) -> String {
    let host = wecom(status, body);
    testing::class(&host.run(|| Wecom::send(config(json!({})), message("t"))))
}

#[test]
fn the_code_decides() {
    for (code, expected) in [
        (0, "ok"),
        (-1, "retry"),
        (45033, "retry"),
        (45009, "throttled"),
        (93000, "misconfigured"),
        (40058, "rejected"),
        (999_999, "rejected"),
    ] {
        let answer = json!({"errcode": code, "errmsg": "never heard of"}).to_string();
        assert_eq!(class(200, &answer), expected, "{code}");
    }
}

#[test]
fn an_unreadable_answer_is_tried_again() {
    for body in ["", "<html>", "null", "[]", "{}", r#"{"errcode":"x"}"#] {
        assert_eq!(class(200, body), "retry", "{body}");
    }
    assert_eq!(class(503, r#"{"errcode":0}"#), "retry");
}

#[test]
fn a_reason_stays_short() {
    let answer = json!({"errcode": 77, "errmsg": "x".repeat(100_000)}).to_string();
    let failure = wecom(200, answer).run(|| Wecom::send(config(json!({})), message("t")));
    assert!(format!("{failure:?}").len() < 400);
}
