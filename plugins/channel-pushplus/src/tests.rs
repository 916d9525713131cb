mod conformance;

use crate::{Pushplus, body};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Message, Receipt,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"code":200,"msg":"请求成功","data":"9f8c0b3e","count":null}"#;

fn config(fields: Value) -> body::Config {
    let mut config = json!({"token": "token-placeholder"});
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

fn pushplus(body: &str) -> Host {
    let body = body.to_owned();
    Host::new().http(move |_| Ok(testing::response(200, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = pushplus(OK);
    let result = host.run(|| Pushplus::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

fn class(body: &str) -> String {
    let host = pushplus(body);
    testing::class(&host.run(|| Pushplus::send(config(json!({})), message("t", "b"))))
}

#[test]
fn a_message_is_markdown_with_the_token_in_the_body() {
    let (result, request) = send(
        json!({"topic": "builds", "channel": "cp", "webhook": "app1"}),
        message("Title", "**text**"),
    );
    assert_eq!(result.unwrap().id.as_deref(), Some("9f8c0b3e"));
    assert_eq!(request.url, "https://www.pushplus.plus/send");
    let expected = json!({
        "token": "token-placeholder", "title": "Title", "content": "**text**", "template": "markdown",
        "topic": "builds", "channel": "cp", "webhook": "app1",
    });
    assert_eq!(request.json::<Value>(), expected);
    assert!(request.body_secrets.is_some());
}

#[test]
fn an_empty_text_is_the_repository() {
    let sent: Value = send(json!({}), message("t", " ")).1.json();
    assert_eq!(sent["content"], "orchard-works/pear-ledger");
    assert!(sent["topic"].is_null() && sent["channel"].is_null());
}

#[test]
fn a_long_text_is_cut_by_characters() {
    let (result, request) = send(json!({}), message("t", &"張".repeat(30_000)));
    let sent: Value = request.json();
    let text = sent["content"].as_str().unwrap();
    let count = text.chars().count();
    assert!(count <= body::LIMIT && count > body::LIMIT - 20, "{count}");
    assert!(result.unwrap().note.unwrap().contains("left out"));
}

#[test]
fn each_code_is_of_its_class() {
    let coded = |code: i64| class(&json!({"code": code, "msg": "text"}).to_string());
    assert_eq!(coded(200), "ok");
    assert_eq!(coded(500), "retry");
    assert_eq!(coded(900), "throttled");
    for code in [302, 401, 403, 805, 888, 903, 905] {
        assert_eq!(coded(code), "misconfigured", "{code}");
    }
    for code in [600, 999, 0, -1, i64::MAX] {
        assert_eq!(coded(code), "rejected", "{code}");
    }
    for body in ["", "<html>", "{}", "[]", r#"{"code":null}"#] {
        assert_eq!(class(body), "retry", "{body}");
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("pushplus", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(body::LIMIT as u64));
    let mut full = json!({"token": "t", "topic": "builds", "channel": "cp", "webhook": "app1"});
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<body::Config>(full).is_ok());
    assert!(manifest.config["token"].secret);
}
