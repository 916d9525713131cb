mod conformance;

use crate::{Bark, Config, body};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Message, Receipt, Severity,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"code":200,"message":"success","timestamp":1635528741}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"device_key": "key-placeholder"});
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

fn bark(status: u16, body: &str) -> Host {
    let body = body.to_owned();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = bark(200, OK);
    let result = host.run(|| Bark::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

fn class(status: u16, code: i64, text: &str) -> String {
    let host = bark(status, &json!({"code": code, "message": text}).to_string());
    testing::class(&host.run(|| Bark::send(config(json!({})), message("t", "b"))))
}

#[test]
fn a_message_goes_to_the_device_of_the_key() {
    let message = Message {
        url: Some("https://git.example.com/7".to_owned()),
        ..message("Title", r"**text** a\_b")
    };
    let (result, request) = send(json!({}), message);
    assert_eq!(result, Ok(Receipt::default()));
    assert_eq!(request.url, "https://api.day.app/push");
    let expected = json!({
        "device_key": "key-placeholder", "title": "Title", "body": "text a_b", "level": "active",
        "group": "orchard-works/pear-ledger", "url": "https://git.example.com/7",
    });
    assert_eq!(request.json::<Value>(), expected);
    assert!(request.body_secrets.is_some());
}

#[test]
fn a_server_a_group_and_a_sound_are_the_targets() {
    let own = json!({"server": "https://bark.example.com/", "group": "builds", "sound": "minuet"});
    let (_, request) = send(own, message("t", ""));
    assert_eq!(request.url, "https://bark.example.com/push");
    let sent: Value = request.json();
    assert_eq!(
        (&sent["group"], &sent["sound"], &sent["body"]),
        (
            &json!("builds"),
            &json!("minuet"),
            &json!("orchard-works/pear-ledger")
        )
    );
}

#[test]
fn how_severe_it_is_decides_how_loud() {
    let level = |severity: Option<Severity>, fields: Value| {
        let message = Message {
            severity,
            ..message("t", "b")
        };
        send(fields, message).1.json::<Value>()["level"].clone()
    };
    assert_eq!(level(Some(Severity::Critical), json!({})), "timeSensitive");
    let loud = json!({"critical_alerts": true});
    assert_eq!(level(Some(Severity::Critical), loud.clone()), "critical");
    assert_eq!(level(Some(Severity::High), loud), "timeSensitive");
    assert_eq!(level(Some(Severity::Info), json!({})), "passive");
}

#[test]
fn a_long_text_leaves_room_for_what_the_server_adds() {
    for unit in ["x", "張", "<", "\"", "\u{1}"] {
        let title = "<".repeat(90);
        let (result, request) = send(json!({}), message(&title, &unit.repeat(9000)));
        let mut sent: Value = request.json();
        assert!(result.unwrap().note.unwrap().contains("left out"));
        assert!(sent["body"].as_str().unwrap().ends_with("left out)"));
        sent["device_key"].take();
        // As Go writes it.
        let json = sent.to_string();
        let escaped = json.matches(['<', '>', '&']).count() * 5;
        assert!(
            json.len() + escaped <= body::LIMIT,
            "{unit:?}: {}",
            json.len() + escaped
        );
    }
}

#[test]
fn each_answer_is_of_its_class() {
    assert_eq!(class(200, 200, "success"), "ok");
    assert_eq!(
        class(400, 400, "failed to get device token: not found"),
        "misconfigured"
    );
    assert_eq!(class(400, 400, "device key is empty"), "misconfigured");
    assert_eq!(class(400, 400, "request bind failed: x"), "rejected");
    assert_eq!(
        class(500, 500, "push failed: BadDeviceToken"),
        "misconfigured"
    );
    assert_eq!(
        class(500, 500, "push failed: Unregistered"),
        "misconfigured"
    );
    assert_eq!(class(500, 500, "push failed: PayloadTooLarge"), "rejected");
    assert_eq!(class(500, 500, "push failed: timeout"), "retry");
    assert_eq!(class(200, 400, "no"), "rejected");
    assert_eq!(class(200, 500, "no"), "retry");
    assert_eq!(class(404, 404, "Cannot POST /push"), "misconfigured");
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("bark", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(body::LIMIT as u64));
    let mut full = json!({
        "device_key": "k", "server": "https://bark.example.com", "group": "g", "sound": "minuet",
        "critical_alerts": true,
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    assert!(manifest.config["device_key"].secret);
}
