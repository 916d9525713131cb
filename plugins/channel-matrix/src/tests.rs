mod conformance;
mod content;

use crate::{Config, Matrix};
use push_notify_manifest::{Capability, Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Followed, Message, Receipt, Replies, Updates,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"event_id":"$new:example.com"}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({
        "homeserver": "https://matrix.example.com/", "access_token": "token-placeholder",
        "room_id": "!room/1:example.com",
    });
    let fields = fields.as_object().unwrap().clone();
    config.as_object_mut().unwrap().extend(fields);
    serde_json::from_value(config).unwrap()
}

fn message(title: &str, body: &str) -> Message {
    Message {
        id: "push-1".to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        repository: "orchard-works/pear-ledger".to_owned(),
        ..Message::default()
    }
}

fn homeserver(status: u16, body: &str) -> Host {
    let body = body.to_owned();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

/// The event is there, as `event` has it, and another one is taken.
fn with_event(status: u16, event: Value) -> Host {
    Host::new().http(move |request| {
        Ok(match request.url.contains("/event/") {
            true => testing::response(status, event.to_string()),
            false => testing::response(200, OK),
        })
    })
}

fn there() -> Host {
    with_event(200, json!({"content": {"body": "t", "msgtype": "m.text"}}))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = homeserver(200, OK);
    let result = host.run(|| Matrix::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

#[test]
fn a_message_is_put_into_the_room_in_its_own_transaction() {
    let (result, request) = send(json!({}), message("Title", "**text**"));
    let receipt = result.unwrap();
    assert_eq!(receipt.id.as_deref(), Some("$new:example.com"));
    assert_eq!(receipt.handle.as_deref(), Some("$new:example.com"));
    assert_eq!(
        request.url,
        "https://matrix.example.com/_matrix/client/v3/rooms/%21room%2F1%3Aexample.com/send/m.room.message/push-1"
    );
    assert_eq!(
        request.header("authorization"),
        Some("Bearer token-placeholder")
    );
    let expected = json!({
        "msgtype": "m.text", "body": "Title\n\ntext", "format": "org.matrix.custom.html",
        "formatted_body": "<h4>Title</h4>\n<p><strong>text</strong></p>\n", "m.mentions": {},
    });
    assert_eq!(request.json::<Value>(), expected);
    let (_, request) = send(json!({"notice": true}), message("t", "b"));
    assert_eq!(request.json::<Value>()["msgtype"], "m.notice");
}

#[test]
fn an_update_replaces_the_first_event_each_time() {
    let host = there();
    let handle = "$old:example.com".to_owned();
    let followed = host.run(|| Matrix::update(config(json!({})), handle, message("t", "b")));
    let Ok(Followed::Sent(receipt)) = followed else {
        panic!("{followed:?}");
    };
    assert_eq!(receipt.handle.as_deref(), Some("$old:example.com"));
    let asked = &host.requests()[0].url;
    assert!(asked.ends_with("/rooms/%21room%2F1%3Aexample.com/event/%24old%3Aexample.com"));
    let sent: Value = host.requests()[1].json();
    assert_eq!(sent["body"], "* t\n\nb");
    assert_eq!(sent["m.new_content"]["body"], "t\n\nb");
    let relation = json!({"rel_type": "m.replace", "event_id": "$old:example.com"});
    assert_eq!(sent["m.relates_to"], relation);
}

#[test]
fn a_reply_is_in_the_thread_of_the_event() {
    let host = there();
    let handle = "$old:example.com".to_owned();
    let followed = host.run(|| Matrix::reply(config(json!({})), handle, message("t", "b")));
    assert!(matches!(followed, Ok(Followed::Sent(_))), "{followed:?}");
    let sent: Value = host.requests()[1].json();
    let relation = json!({
        "rel_type": "m.thread", "event_id": "$old:example.com", "is_falling_back": true,
        "m.in_reply_to": {"event_id": "$old:example.com"},
    });
    assert_eq!(sent["m.relates_to"], relation);
}

#[test]
fn what_is_no_event_is_gone() {
    let host = homeserver(200, OK);
    let handle = || "17".to_owned();
    let update = host.run(|| Matrix::update(config(json!({})), handle(), message("t", "b")));
    let reply = host.run(|| Matrix::reply(config(json!({})), handle(), message("t", "b")));
    assert!(matches!(update, Ok(Followed::Gone(_))));
    assert!(matches!(reply, Ok(Followed::Gone(_))));
    assert_eq!(host.requests().len(), 0);
}

#[test]
fn what_was_removed_is_gone() {
    let removed =
        json!({"content": {}, "unsigned": {"redacted_because": {"type": "m.room.redaction"}}});
    for (status, event, is_gone) in [
        (404, json!({"errcode": "M_NOT_FOUND"}), true),
        (200, removed, true),
        (200, json!({"content": {}}), true),
        (
            200,
            json!({"content": {"body": "t"}, "unsigned": {"age": 5}}),
            false,
        ),
    ] {
        let handle = || "$old:example.com".to_owned();
        let host = with_event(status, event.clone());
        let update = host.run(|| Matrix::update(config(json!({})), handle(), message("t", "b")));
        assert_eq!(matches!(update, Ok(Followed::Gone(_))), is_gone, "{event}");
        let reply = host.run(|| Matrix::reply(config(json!({})), handle(), message("t", "b")));
        assert_eq!(matches!(reply, Ok(Followed::Gone(_))), is_gone, "{event}");
    }
    for (status, body) in [(401, "{}"), (500, "{}"), (200, "[]")] {
        let host = homeserver(status, body);
        let handle = "$old:example.com".to_owned();
        let update = host.run(|| Matrix::update(config(json!({})), handle, message("t", "b")));
        assert!(update.is_err(), "{status} {body}");
    }
}

#[test]
fn a_probe_asks_who_speaks() {
    let host = homeserver(200, r#"{"user_id":"@push:example.com"}"#);
    assert_eq!(host.run(|| Matrix::probe(config(json!({})))), Ok(()));
    assert!(host.requests()[0].url.ends_with("/v3/account/whoami"));
    let host = homeserver(401, r#"{"errcode":"M_UNKNOWN_TOKEN"}"#);
    let probed = host.run(|| Matrix::probe(config(json!({}))));
    assert_eq!(testing::class(&probed), "misconfigured");
}

#[test]
fn each_answer_is_of_its_class() {
    let class = |status: u16, body: &str| {
        let host = homeserver(status, body);
        testing::class(&host.run(|| Matrix::send(config(json!({})), message("t", "b"))))
    };
    let limited = |wait: &str| {
        let body = format!(r#"{{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":{wait}}}"#);
        class(429, &body)
    };
    assert_eq!(limited("2000"), "retry 2000");
    assert_eq!(limited("99999999999"), "retry 3600000");
    assert_eq!(limited("null"), "retry");
    assert_eq!(
        class(401, r#"{"errcode":"M_UNKNOWN_TOKEN"}"#),
        "misconfigured"
    );
    assert_eq!(class(403, r#"{"errcode":"M_FORBIDDEN"}"#), "misconfigured");
    assert_eq!(class(404, r#"{"errcode":"M_NOT_FOUND"}"#), "misconfigured");
    assert_eq!(class(413, r#"{"errcode":"M_TOO_LARGE"}"#), "rejected");
    assert_eq!(class(502, "<html>"), "retry");
    for body in ["{}", "[]", r#"{"event_id":null}"#] {
        assert_eq!(class(200, body), "retry", "{body}");
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("matrix", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.capabilities,
        [Capability::Update, Capability::Reply]
    );
    let mut full = json!({
        "homeserver": "https://matrix.example.com", "access_token": "t", "room_id": "!r:example.com",
        "notice": true,
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    assert!(manifest.config["access_token"].secret);
}
