mod conformance;

use crate::{Config, Serverchan, body};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Message, Receipt,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"code":0,"message":"","data":{"pushid":"4017","error":"SUCCESS","errno":0}}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"send_key": "key-placeholder"});
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

fn serverchan(status: u16, body: &str) -> Host {
    let body = body.to_owned();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = serverchan(200, OK);
    let result = host.run(|| Serverchan::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

fn class(status: u16, body: &str) -> String {
    let host = serverchan(status, body);
    testing::class(&host.run(|| Serverchan::send(config(json!({})), message("t", "b"))))
}

#[test]
fn a_message_goes_to_the_address_of_the_key() {
    let (result, request) = send(
        json!({"channel": "9|66"}),
        message("Title", "**text** ![x](https://img.example.com)"),
    );
    assert_eq!(result.unwrap().id.as_deref(), Some("4017"));
    assert_eq!(request.url, "https://sctapi.ftqq.com/key-placeholder.send");
    let expected = json!({
        "title": "Title", "desp": "**text** [x](https://img.example.com)", "channel": "9|66", "noip": 1,
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn the_third_version_has_a_host_for_each_user() {
    let (_, request) = send(json!({"uid": 123, "tags": "builds"}), message("t", "b"));
    assert_eq!(
        request.url,
        "https://123.push.ft07.com/send/key-placeholder.send"
    );
    assert_eq!(request.json::<Value>()["tags"], "builds");
}

#[test]
fn a_long_title_is_cut_with_a_mark() {
    let sent: Value = send(json!({}), message(&"題".repeat(40), "b")).1.json();
    assert_eq!(sent["title"], format!("{}…", "題".repeat(31)));
    let whole = format!("**{}**\n\nb", "題".repeat(40));
    assert_eq!(sent["desp"], whole);
}

#[test]
fn each_answer_is_of_its_class() {
    let coded = |status: u16, code: i64, text: &str| {
        class(status, &json!({"code": code, "message": text}).to_string())
    };
    assert_eq!(coded(200, 0, ""), "ok");
    assert_eq!(coded(400, 40001, "[AUTH]错误的Key"), "misconfigured");
    assert_eq!(
        coded(400, 40001, "[AUTH]超过当天的发送次数限制[5]，请稍候再试"),
        "rejected"
    );
    assert_eq!(coded(200, 20001, "no"), "rejected");
    assert_eq!(coded(400, 10001, "no"), "rejected");
    assert_eq!(coded(500, 1, "no"), "retry");
    assert_eq!(coded(503, 0, ""), "retry");
    for body in ["", "<html>", "{}", "[]", "null"] {
        assert_eq!(class(200, body), "retry", "{body}");
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("serverchan", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(body::LIMIT as u64));
    let mut full = json!({"send_key": "k", "uid": 123, "channel": "9", "tags": "a|b"});
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    assert!(manifest.config["send_key"].secret);
}
