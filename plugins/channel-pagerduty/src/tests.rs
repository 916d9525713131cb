mod conformance;
mod event;

use crate::{Config, Pagerduty, body};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Field, Link, Message, Receipt, Severity,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"status":"success","message":"Event processed","dedup_key":"pipeline:main"}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"routing_key": "key-placeholder"});
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

fn failed_pipeline() -> Message {
    Message {
        kind: Some("pipeline".to_owned()),
        action: Some("failed".to_owned()),
        state: Some("failed".to_owned()),
        subject: Some("pipeline:main".to_owned()),
        severity: Some(Severity::High),
        branch: Some("main".to_owned()),
        url: Some("https://git.example.com/7".to_owned()),
        fields: vec![Field {
            name: "stage".to_owned(),
            value: "test".to_owned(),
            short: true,
        }],
        links: vec![Link {
            label: "Log".to_owned(),
            url: "https://git.example.com/log".to_owned(),
        }],
        ..message("Pipeline failed", r"**text** a\_b")
    }
}

fn pagerduty(status: u16, body: &str) -> Host {
    let body = body.to_owned();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = pagerduty(202, OK);
    let result = host.run(|| Pagerduty::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

#[test]
fn a_failure_opens_an_alert_about_its_subject() {
    let (result, request) = send(json!({}), failed_pipeline());
    assert_eq!(result.unwrap().id.as_deref(), Some("pipeline:main"));
    assert_eq!(request.url, "https://events.pagerduty.com/v2/enqueue");
    let expected = json!({
        "routing_key": "key-placeholder", "event_action": "trigger", "dedup_key": "pipeline:main",
        "payload": {
            "summary": "Pipeline failed", "source": "orchard-works/pear-ledger", "severity": "error",
            "custom_details": {
                "branch": "main", "kind": "pipeline", "state": "failed", "stage": "test",
                "text": "text a_b",
            },
        },
        "links": [
            {"href": "https://git.example.com/7", "text": "View details"},
            {"href": "https://git.example.com/log", "text": "Log"},
        ],
    });
    assert_eq!(request.json::<Value>(), expected);
    assert!(request.body_secrets.is_some());
}

#[test]
fn what_is_no_trouble_is_a_change_that_calls_nobody() {
    let (_, request) = send(json!({"region": "eu"}), message("2 commits", "b"));
    assert_eq!(
        request.url,
        "https://events.eu.pagerduty.com/v2/change/enqueue"
    );
    let expected = json!({
        "routing_key": "key-placeholder",
        "payload": {
            "summary": "2 commits", "source": "orchard-works/pear-ledger",
            "custom_details": {"text": "b"},
        },
    });
    assert_eq!(request.json::<Value>(), expected);
    let (_, request) = send(json!({"page_for": "everything"}), message("2 commits", "b"));
    let sent: Value = request.json();
    assert_eq!(
        (&sent["event_action"], &sent["dedup_key"]),
        (&json!("trigger"), &json!("push-1"))
    );
}

#[test]
fn each_answer_is_of_its_class() {
    let class = |status: u16, body: &str| {
        let host = pagerduty(status, body);
        testing::class(&host.run(|| Pagerduty::send(config(json!({})), failed_pipeline())))
    };
    assert_eq!(class(202, OK), "ok");
    for garbled in ["", "{}", "<html>", r#"{"status":"no"}"#] {
        assert_eq!(class(202, garbled), "retry", "{garbled}");
    }
    let invalid = |error: &str| {
        let answer = json!({"status": "invalid event", "message": "Event object is invalid", "errors": [error]});
        class(400, &answer.to_string())
    };
    assert_eq!(invalid("'payload.summary' is missing or blank"), "rejected");
    assert_eq!(invalid("Invalid routing key"), "misconfigured");
    assert_eq!(
        invalid("'routing_key' is invalid (must be 32 characters)"),
        "misconfigured"
    );
    assert_eq!(class(400, "<html>"), "rejected");
    assert_eq!(class(429, ""), "throttled");
    assert_eq!(class(500, ""), "retry");
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("pagerduty", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(body::LIMIT as u64));
    let mut full = json!({"routing_key": "k", "region": "eu", "page_for": "everything"});
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    assert!(manifest.config["routing_key"].secret);
}
