mod conformance;

use crate::{ACCEPTED, Config, Teams, card, markdown::for_cards};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Field, Link, Message, Receipt, Severity,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

fn config() -> Config {
    serde_json::from_value(json!({"url": "url-placeholder"})).unwrap()
}

fn message(title: &str, body: &str) -> Message {
    Message {
        title: title.to_owned(),
        body: body.to_owned(),
        repository: "orchard-works/pear-ledger".to_owned(),
        ..Message::default()
    }
}

fn teams(status: u16) -> Host {
    Host::new().http(move |_| Ok(testing::response(status, "")))
}

fn send(message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = teams(202);
    let result = host.run(|| Teams::send(config(), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

#[test]
fn a_message_is_an_adaptive_card() {
    let message = Message {
        url: Some("https://git.example.com/7".to_owned()),
        severity: Some(Severity::High),
        fields: vec![Field {
            name: "stage".to_owned(),
            value: "test".to_owned(),
            short: true,
        }],
        links: vec![Link {
            label: "Log".to_owned(),
            url: "https://git.example.com/log".to_owned(),
        }],
        locale: "zh-CN".to_owned(),
        ..message("Title *1*", "## Head\ntext")
    };
    let (result, request) = send(message);
    assert_eq!(result.unwrap().note.as_deref(), Some(ACCEPTED));
    assert_eq!(request.url, "url-placeholder");
    let expected = json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard", "version": "1.4", "msteams": {"width": "Full"},
                "body": [
                    {"type": "RichTextBlock", "inlines": [{
                        "type": "TextRun", "text": "Title *1*", "size": "medium", "weight": "bolder",
                        "color": "attention",
                    }]},
                    {"type": "TextBlock", "text": "**Head**\n\ntext", "wrap": true},
                    {"type": "FactSet", "facts": [{"title": "stage", "value": "test"}]},
                ],
                "actions": [
                    {"type": "Action.OpenUrl", "title": "查看详情", "url": "https://git.example.com/7"},
                    {"type": "Action.OpenUrl", "title": "Log", "url": "https://git.example.com/log"},
                ],
            },
        }],
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn what_would_break_a_card_is_left_out() {
    let message = Message {
        url: Some("ftp://git.example.com".to_owned()),
        fields: vec![Field {
            name: " ".to_owned(),
            value: "x".to_owned(),
            short: false,
        }],
        links: vec![Link {
            label: String::new(),
            url: "https://git.example.com".to_owned(),
        }],
        ..message("", " ")
    };
    let sent: Value = send(message).1.json();
    let content = &sent["attachments"][0]["content"];
    assert_eq!(content["body"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        content["body"][0]["inlines"][0]["text"],
        "orchard-works/pear-ledger"
    );
    assert!(content["actions"].is_null());
}

#[test]
fn markdown_is_put_into_what_cards_show() {
    for (body, shown) in [
        ("one\ntwo\r\n\r\nthree", "one\n\ntwo\n\nthree"),
        (
            "- a\n- b\n\ntext\n1. c\n2) d",
            "- a\n- b\n\ntext\n\n1. c\n2) d",
        ),
        ("# A\n### **b**\n#c", "**A**\n\n**b**\n\n#c"),
        ("> quote\n> > deeper", "quote\n\ndeeper"),
        ("```sh\n# x\n- y\n```\nz", "# x\n\n- y\n\nz"),
        (
            "![p](https://img.example.com)",
            "[p](https://img.example.com)",
        ),
    ] {
        assert_eq!(for_cards(body), shown);
    }
}

#[test]
fn the_largest_card_is_within_the_limit() {
    let long = |unit: &str| unit.repeat(2000);
    let message = Message {
        url: Some(format!("https://git.example.com/{}", "x".repeat(900))),
        fields: vec![
            Field {
                name: long("\u{1}"),
                value: long("\u{1}"),
                short: true,
            };
            32
        ],
        links: vec![
            Link {
                label: long("\""),
                url: format!("https://git.example.com/{}", "x".repeat(900)),
            };
            32
        ],
        ..message(&long("\u{1}"), &"\u{1}x".repeat(30_000))
    };
    let (result, request) = send(message);
    assert!(
        request.text().len() <= card::LIMIT,
        "{}",
        request.text().len()
    );
    assert!(result.unwrap().note.unwrap().contains("left out"));
}

#[test]
fn the_status_says_what_happens_next() {
    let class = |status: u16| {
        testing::class(&teams(status).run(|| Teams::send(config(), message("t", "b"))))
    };
    for (status, expected) in [
        (200, "ok"),
        (202, "ok"),
        (400, "rejected"),
        (401, "misconfigured"),
        (403, "misconfigured"),
        (404, "misconfigured"),
        (413, "rejected"),
        (429, "throttled"),
        (502, "retry"),
    ] {
        assert_eq!(class(status), expected, "{status}");
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("teams", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(card::LIMIT as u64));
    let url = "https://example.environment.api.powerplatform.com:443/powerautomate?sig=not-real";
    let mut full = json!({"url": url});
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    assert!(manifest.config["url"].secret);
}
