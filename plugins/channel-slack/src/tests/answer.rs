use super::{HOOK, bot, config, message, slack};
use crate::Slack;
use push_notify_sdk::{Channel, testing};
use serde_json::json;

fn said(word: &str) -> String {
    class(200, &json!({"ok": false, "error": word}).to_string())
}

fn class(status: u16, body: &str) -> String {
    testing::class(&slack(status, body).run(|| Slack::send(bot(), message("t"))))
}

fn of_hook(status: u16, body: &str) -> String {
    let config = config(json!({"webhook_url": HOOK}));
    testing::class(&slack(status, body).run(|| Slack::send(config, message("t"))))
}

#[test]
fn the_word_decides_and_not_the_status() {
    for (word, class) in [
        ("ratelimited", "throttled"),
        ("internal_error", "retry"),
        ("invalid_auth", "misconfigured"),
        ("not_in_channel", "misconfigured"),
        ("restricted_action_read_only_channel", "misconfigured"),
        ("msg_blocks_too_long", "rejected"),
        ("invalid_blocks", "rejected"),
        ("never_heard_of", "rejected"),
        ("message_not_found", "rejected"),
    ] {
        assert_eq!(said(word), class, "{word}");
    }
}

#[test]
fn an_unreadable_answer_is_tried_again() {
    for body in [
        "",
        "<html>",
        "null",
        "[]",
        "{}",
        r#"{"ok":false}"#,
        r#"{"ok":"true"}"#,
    ] {
        assert_eq!(class(200, body), "retry", "{body}");
    }
    assert_eq!(class(200, r#"{"ok":true,"ts":[1],"channel":{}}"#), "ok");
}

#[test]
fn a_webhook_answers_a_status_and_a_word() {
    for (status, word, class) in [
        (200, "ok", "ok"),
        (200, "<html>", "retry"),
        (400, "invalid_payload", "rejected"),
        (400, "no_team", "misconfigured"),
        (403, "action_prohibited", "misconfigured"),
        (404, "no_service", "misconfigured"),
        (410, "channel_is_archived", "misconfigured"),
        (429, "rate_limited", "retry"),
        (500, "rollup_error", "retry"),
    ] {
        assert_eq!(of_hook(status, word), class, "{status} {word}");
    }
}

#[test]
fn a_reason_stays_short() {
    let failure = slack(
        200,
        json!({"ok": false, "error": "x".repeat(100_000)}).to_string(),
    )
    .run(|| Slack::send(bot(), message("t")));
    assert!(format!("{failure:?}").len() < 200);
}
