mod conformance;

use crate::{Config, Ntfy, body};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Followed, Link, Message, Receipt, Severity, Updates,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"id":"hwQ2YpKdmg","time":1635528741,"event":"message","topic":"t"}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"topic": "topic-placeholder"});
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

fn ntfy(status: u16, body: &str) -> Host {
    let body = body.to_owned();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = ntfy(200, OK);
    let result = host.run(|| Ntfy::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

fn class(status: u16, body: &str) -> String {
    let host = ntfy(status, body);
    testing::class(&host.run(|| Ntfy::send(config(json!({})), message("t", "b"))))
}

#[test]
fn a_message_is_published_as_json_with_its_topic() {
    let message = Message {
        url: Some("https://git.example.com/7".to_owned()),
        severity: Some(Severity::Critical),
        links: vec![
            Link {
                label: "Open".to_owned(),
                url: "https://git.example.com/8".to_owned(),
            },
            Link {
                label: "Strange".to_owned(),
                url: "javascript:alert(1)".to_owned(),
            },
        ],
        ..message("Title", r"**text** a\_b")
    };
    let (result, request) = send(json!({"tags": ["package"]}), message);
    assert_eq!(result.unwrap().id.as_deref(), Some("hwQ2YpKdmg"));
    assert_eq!(request.url, "https://ntfy.sh/");
    let expected = json!({
        "topic": "topic-placeholder", "title": "Title", "message": "text a_b", "priority": 5,
        "tags": ["package"], "click": "https://git.example.com/7", "markdown": false,
        "actions": [{"action": "view", "label": "Open", "url": "https://git.example.com/8"}],
    });
    assert_eq!(request.json::<Value>(), expected);
    assert!(request.body_secrets.is_some());
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn an_update_takes_the_place_of_the_first_message_each_time() {
    let update = |answer: &str, handle: &str| {
        let host = ntfy(200, answer);
        let handle = handle.to_owned();
        let followed = host.run(|| Ntfy::update(config(json!({})), handle, message("t", "new")));
        (followed, host.requests())
    };
    let sent = |note: Option<&str>| {
        Ok(Followed::Sent(Receipt {
            id: Some("second".to_owned()),
            handle: Some("first".to_owned()),
            note: note.map(str::to_owned),
        }))
    };
    let known = r#"{"id":"second","sequence_id":"first"}"#;
    let (followed, requests) = update(known, "first");
    assert_eq!(followed, sent(None));
    assert_eq!(requests[0].json::<Value>()["sequence_id"], "first");
    let (followed, _) = update(r#"{"id":"second"}"#, "first");
    assert_eq!(followed, sent(Some(crate::BESIDE)));
    for handle in ["", "a/b", "a b"] {
        let (followed, requests) = update(known, handle);
        assert!(matches!(followed, Ok(Followed::Gone(_))), "{handle}");
        assert!(requests.is_empty(), "{handle}");
    }
    let first = ntfy(200, OK).run(|| Ntfy::send(config(json!({})), message("t", "b")));
    assert_eq!(first.unwrap().handle.as_deref(), Some("hwQ2YpKdmg"));
}

#[test]
fn a_server_of_ones_own_may_ask_for_a_token_or_a_password() {
    let own = json!({"server": "https://ntfy.example.com/", "token": "token-placeholder"});
    let (_, request) = send(own, message("t", "b"));
    assert_eq!(request.url, "https://ntfy.example.com/");
    assert_eq!(
        request.header("authorization"),
        Some("Bearer token-placeholder")
    );
    let named = json!({"username": "mei", "password": "password-placeholder"});
    let basic = send(named, message("t", "b")).1.basic.unwrap();
    assert_eq!(
        (basic.username.as_str(), basic.password.as_str()),
        ("mei", "password-placeholder")
    );
}

#[test]
fn markdown_is_sent_where_it_is_wanted() {
    let (_, request) = send(
        json!({"markdown": true, "priority": 1}),
        message("t", "**b** ![x](https://img.example.com)"),
    );
    let sent: Value = request.json();
    assert_eq!(sent["message"], "**b** [x](https://img.example.com)");
    assert_eq!(
        (&sent["markdown"], &sent["priority"]),
        (&json!(true), &json!(1))
    );
}

#[test]
fn an_empty_text_is_the_repository() {
    let sent: Value = send(json!({}), message("t", " ")).1.json();
    assert_eq!(sent["message"], "orchard-works/pear-ledger");
}

#[test]
fn a_long_text_is_cut_to_what_a_message_holds() {
    for unit in ["x", "張", "\"", "\u{1}"] {
        let (result, request) = send(json!({}), message("t", &unit.repeat(9000)));
        let sent: Value = request.json();
        let text = sent["message"].as_str().unwrap();
        assert!(
            text.len() <= body::LIMIT && text.ends_with("left out)"),
            "{unit:?}"
        );
        assert!(request.text().len() <= body::JSON_LIMIT, "{unit:?}");
        assert!(result.unwrap().note.unwrap().contains("left out"));
    }
}

#[test]
fn each_error_is_of_its_class() {
    let coded = |status: u16, code: u32| {
        let body = json!({"code": code, "http": status, "error": "text"});
        class(status, &body.to_string())
    };
    assert_eq!(coded(400, 40009), "misconfigured");
    assert_eq!(coded(400, 40024), "rejected");
    assert_eq!(coded(401, 40101), "misconfigured");
    assert_eq!(coded(403, 40301), "misconfigured");
    assert_eq!(coded(413, 41303), "rejected");
    assert_eq!(coded(429, 42901), "throttled");
    assert_eq!(coded(429, 42908), "retry 3600000");
    assert_eq!(coded(500, 50001), "retry");
    assert_eq!(class(200, "{}"), "retry");
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("ntfy", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.limits.max_body_bytes, Some(body::LIMIT as u64));
    let mut full = json!({
        "topic": "t", "server": "https://ntfy.example.com", "token": "t", "username": "mei",
        "password": "p", "priority": 4, "tags": ["package"], "markdown": true,
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    let secrets = manifest.config.iter().filter(|(_, field)| field.secret);
    assert_eq!(secrets.count(), 3);
}
