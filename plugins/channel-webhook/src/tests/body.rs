use super::{message, receiver, send};
use crate::{Webhook, time::rfc3339};
use push_notify_sdk::{Channel, Failure, Field, Link, Message, Severity};
use serde_json::{Value, json};

#[test]
fn an_event_has_all_parts_of_the_message() {
    let message = Message {
        url: Some("https://git.example.com/7".to_owned()),
        kind: Some("merge_request".to_owned()),
        action: Some("opened".to_owned()),
        severity: Some(Severity::High),
        state: Some("open".to_owned()),
        subject: Some("merge_request:7".to_owned()),
        branch: Some("main".to_owned()),
        author: Some("mei".to_owned()),
        fields: vec![Field {
            name: "stage".to_owned(),
            value: "test".to_owned(),
            short: true,
        }],
        links: vec![Link {
            label: "Open".to_owned(),
            url: "https://git.example.com/7".to_owned(),
        }],
        locale: "zh-CN".to_owned(),
        ..message("Title", "**text**")
    };
    let (_, request) = send(json!({}), message);
    assert_eq!(request.header("content-type"), Some("application/json"));
    let expected = json!({
        "type": "merge_request.opened",
        "timestamp": "2025-01-01T01:00:00.123Z",
        "data": {
            "id": "push-1", "scene": "commit_notify", "title": "Title", "text": "**text**",
            "url": "https://git.example.com/7", "kind": "merge_request", "action": "opened",
            "severity": "high", "state": "open", "subject": "merge_request:7",
            "repository": "orchard-works/pear-ledger", "branch": "main", "author": "mei",
            "fields": [{"name": "stage", "value": "test", "short": true}],
            "links": [{"label": "Open", "url": "https://git.example.com/7"}],
            "locale": "zh-CN",
        },
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn the_type_is_the_kind_or_the_scene() {
    let kind = |kind: Option<&str>| {
        let message = Message {
            kind: kind.map(str::to_owned),
            ..message("t", "b")
        };
        send(json!({}), message).1.json::<Value>()["type"].clone()
    };
    assert_eq!(kind(Some("push")), "push");
    assert_eq!(kind(None), "commit_notify");
}

#[test]
fn a_text_is_sent_as_it_is() {
    let (_, request) = send(json!({"body": "text"}), message("t", " **b**\n\\_x\\_ "));
    assert_eq!(request.text(), " **b**\n\\_x\\_ ");
    assert_eq!(
        request.header("content-type"),
        Some("text/markdown; charset=utf-8")
    );
    let plain = json!({"body": "text", "content_type": "text/plain"});
    let (_, request) = send(plain, message("t", "b"));
    assert_eq!(request.header("content-type"), Some("text/plain"));
}

#[test]
fn json_of_a_template_is_checked_before_it_is_sent() {
    let as_json = || json!({"body": "text", "content_type": "application/json; charset=utf-8"});
    for (body, sent) in [
        (r#"{"a": "\u0041 \" \\"}"#, r#"{"a": "\u0041 \" \\"}"#),
        (r#"{"a": "\*b\* \[c\] \\\\"}"#, r#"{"a": "*b* [c] \\"}"#),
        (r#"{"a": "\*b\* \"c\""}"#, r#"{"a": "*b* \"c\""}"#),
    ] {
        let (result, request) = send(as_json(), message("t", body));
        assert!(result.is_ok());
        assert_eq!(request.text(), sent);
    }
    for body in ["", "{", r#"{"a": "b" "c"}"#, "text \\"] {
        let host = receiver(204);
        let result = host.run(|| Webhook::send(super::config(as_json()), message("t", body)));
        let Err(Failure::Rejected(reason)) = result else {
            panic!("{body}: {result:?}");
        };
        assert!(reason.contains("body = event"), "{reason}");
        assert_eq!(host.requests().len(), 0);
    }
}

#[test]
fn times_are_written_as_rfc_3339_has_them() {
    for (unix_ms, written) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
        (4_102_444_799_001, "2099-12-31T23:59:59.001Z"),
    ] {
        assert_eq!(rfc3339(unix_ms), written);
    }
}

/// Through the engine's own template, with its escapes for Markdown.
#[test]
fn json_says_what_strangers_wrote_when_the_template_asks_for_it() {
    let template = push_notify_template::Template::parse("t", r#"{"a": "{{js .CommitMsg}}"}"#);
    let template = template.unwrap();
    let as_json = || json!({"body": "text", "content_type": "application/json"});
    for stranger in push_notify_template::testing::strangers() {
        let rendered = template.render_message(&json!({"CommitMsg": stranger}));
        let (result, request) = send(as_json(), message("t", &rendered.unwrap().body));
        assert!(result.is_ok(), "{stranger}: {result:?}");
        // The engine keeps neither kind of line ends, nor what is no character.
        let said = stranger.replace("\r\n", "\n").replace('\r', "\n");
        let inner = |c: char| ('\u{fdd0}'..='\u{fdef}').contains(&c) || c == '\u{1fffe}';
        let said = said.replace(inner, "\u{fffd}");
        assert_eq!(request.json::<Value>()["a"], said);
    }
}
