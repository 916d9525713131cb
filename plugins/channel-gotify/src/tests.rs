mod conformance;

use crate::{Config, Gotify, body};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Message, Receipt, Severity,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"id":25,"appid":5,"message":"b","title":"t","priority":5}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"server": "https://gotify.example.com/", "token": "token-placeholder"});
    let fields = fields.as_object().unwrap().clone();
    config.as_object_mut().unwrap().extend(fields);
    serde_json::from_value(config).unwrap()
}

fn message(title: &str, body: &str) -> Message {
    Message {
        title: title.to_owned(),
        body: body.to_owned(),
        repository: "orchard-works/pear-ledger".to_owned(),
        ..Message::default()
    }
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = Host::new().http(|_| Ok(testing::response(200, OK)));
    let result = host.run(|| Gotify::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

#[test]
fn a_message_is_markdown_that_opens_its_page() {
    let message = Message {
        url: Some("https://git.example.com/7".to_owned()),
        severity: Some(Severity::High),
        ..message("Title", "**text** ![x](https://img.example.com)")
    };
    let (result, request) = send(json!({}), message);
    assert_eq!(result.unwrap().id.as_deref(), Some("25"));
    assert_eq!(request.url, "https://gotify.example.com/message");
    assert_eq!(request.header("x-gotify-key"), Some("token-placeholder"));
    let expected = json!({
        "title": "Title", "message": "**text** [x](https://img.example.com)", "priority": 8,
        "extras": {
            "client::display": {"contentType": "text/markdown"},
            "client::notification": {"click": {"url": "https://git.example.com/7"}},
        },
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn the_usual_priority_is_the_targets() {
    let priority =
        |fields: Value| send(fields, message("t", "b")).1.json::<Value>()["priority"].clone();
    assert_eq!(priority(json!({"priority": 0})), 0);
    assert_eq!(priority(json!({})), 5);
}

#[test]
fn an_empty_text_is_the_repository() {
    let sent: Value = send(json!({}), message("t", " ")).1.json();
    assert_eq!(sent["message"], "orchard-works/pear-ledger");
    assert!(sent["extras"]["client::notification"].is_null());
}

#[test]
fn an_answer_without_an_id_is_tried_again() {
    for body in ["{}", "[]", r#"{"id":null}"#, "<html>"] {
        let host = Host::new().http(move |_| Ok(testing::response(200, body)));
        let sent = host.run(|| Gotify::send(config(json!({})), message("t", "b")));
        assert_eq!(testing::class(&sent), "retry", "{body}");
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("gotify", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(body::LIMIT as u64));
    let mut full = json!({"server": "https://gotify.example.com", "token": "t", "priority": 4});
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    assert!(manifest.config["token"].secret);
}
