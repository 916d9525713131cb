mod bot;
mod conformance;

use crate::{Config, Mattermost, body};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Field, Link, Message, Receipt, Severity,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

fn config(fields: Value) -> Config {
    let mut config = json!({"url": "url-placeholder"});
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

fn mattermost(status: u16, body: &str) -> Host {
    let body = body.to_owned();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = mattermost(200, "ok");
    let result = host.run(|| Mattermost::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

#[test]
fn a_message_is_a_heading_and_its_text() {
    let (result, request) = send(json!({}), message("Title", "**text**"));
    assert_eq!(result, Ok(Receipt::default()));
    assert_eq!(request.url, "url-placeholder");
    assert_eq!(
        request.json::<Value>(),
        json!({"text": "#### Title\n\n**text**"})
    );
}

#[test]
fn links_and_fields_stand_beside_the_text() {
    let message = Message {
        url: Some("https://git.example.com/a(1)".to_owned()),
        severity: Some(Severity::High),
        fields: vec![Field {
            name: "stage".to_owned(),
            value: "a_b @all".to_owned(),
            short: true,
        }],
        links: vec![Link {
            label: "Log".to_owned(),
            url: "https://git.example.com/log".to_owned(),
        }],
        ..message("Title", "text")
    };
    let look =
        json!({"channel": "builds", "username": "push", "icon_url": "https://img.example.com/p"});
    let (_, request) = send(look, message);
    let expected = json!({
        "text": "#### [Title](https://git.example.com/a%281%29)\n\ntext\n\n[Log](https://git.example.com/log)",
        "channel": "builds", "username": "push", "icon_url": "https://img.example.com/p",
        "attachments": [{
            "color": "#e53935",
            "fields": [{"title": "stage", "value": "a\\_b @\u{200b}all", "short": true}],
        }],
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn nobody_is_called_and_nothing_is_fetched() {
    let (_, request) = send(
        json!({}),
        message("@channel", "@all ![x](https://img.example.com)"),
    );
    assert_eq!(
        request.json::<Value>()["text"],
        "#### @\u{200b}channel\n\n@\u{200b}all [x](https://img.example.com)"
    );
}

#[test]
fn a_long_text_is_one_post() {
    let (result, request) = send(json!({}), message("t", &"張".repeat(30_000)));
    let sent: Value = request.json();
    let count = sent["text"].as_str().unwrap().chars().count();
    assert!(count <= body::LIMIT && count > body::LIMIT - 20, "{count}");
    assert!(result.unwrap().note.unwrap().contains("left out"));
}

#[test]
fn each_answer_is_of_its_class() {
    let class = |status: u16, body: &str| {
        let host = mattermost(status, body);
        testing::class(&host.run(|| Mattermost::send(config(json!({})), message("t", "b"))))
    };
    let error = |status: u16, id: &str| {
        let id = format!("web.incoming_webhook.{id}.app_error");
        class(status, &json!({"id": id, "message": "text"}).to_string())
    };
    assert_eq!(class(200, "ok\n"), "ok");
    assert_eq!(class(200, "<html>"), "retry");
    assert_eq!(error(400, "invalid"), "misconfigured");
    assert_eq!(error(404, "channel"), "misconfigured");
    assert_eq!(error(403, "channel_locked"), "misconfigured");
    assert_eq!(error(501, "disabled"), "misconfigured");
    assert_eq!(error(400, "text"), "rejected");
    assert_eq!(error(400, "split_props_length"), "rejected");
    assert_eq!(class(501, ""), "misconfigured");
    assert_eq!(class(500, "{}"), "retry");
    assert_eq!(class(413, ""), "rejected");
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("mattermost", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(body::LIMIT as u64));
    let mut full = json!({
        "url": "https://chat.example.com/hooks/not-real", "channel": "builds", "username": "push",
        "icon_url": "https://img.example.com/p.png", "server_url": "https://chat.example.com",
        "token": "not-a-secret", "channel_id": "4xp9fdt77pncbef59f4k1qe83o",
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    assert!(manifest.config["url"].secret && manifest.config["token"].secret);
}
