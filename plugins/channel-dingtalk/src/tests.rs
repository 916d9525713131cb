mod answer;
mod body;
mod conformance;
mod markdown;

use crate::{Config, Dingtalk};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Mention, Mentioned, Message, Receipt, Secret,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

/// With which the vector in jenkinsci/dingtalk-plugin was made; of no robot.
const SECRET: &str = "SEC045ae0433d866d0019a47f441d3da2c3c5862b8a8c46f8ab1de83a6fb0b9a54c";
const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"access_token": "token-placeholder"});
    config
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
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

/// A host whose DingTalk answers `body` with `status`.
fn dingtalk(status: u16, body: impl Into<Vec<u8>>) -> Host {
    let body = body.into();
    Host::new()
        .now_ms(1_735_693_200_000)
        .secret("secret-placeholder", SECRET)
        .http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = dingtalk(200, OK);
    let result = host.run(|| Dingtalk::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

#[test]
fn a_message_is_sent_as_markdown_with_the_token_in_the_query() {
    let (result, request) = send(json!({}), message("Title", "**text**"));
    assert_eq!(result, Ok(Receipt::default()));
    assert_eq!(
        request.url,
        "https://oapi.dingtalk.com/robot/send?access_token=token-placeholder"
    );
    assert_eq!(
        request.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    let expected = json!({
        "msgtype": "markdown",
        "markdown": {"title": "Title", "text": "**text**"},
        "at": {"atMobiles": [], "atUserIds": [], "isAtAll": false},
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn the_signature_is_the_documented_one_encoded_once() {
    let (_, request) = send(json!({"secret": "secret-placeholder"}), message("t", "b"));
    assert_eq!(
        request.url,
        "https://oapi.dingtalk.com/robot/send?access_token=token-placeholder&timestamp=1735693200000\
         &sign=BSe0QzwtBdzTlEnmaVptmDApFF%2FEyDdmvpE%2FDajHtoE%3D"
    );
}

#[test]
fn every_attempt_is_signed_anew() {
    let host = dingtalk(200, OK);
    for _ in 0..2 {
        let config = config(json!({"secret": "secret-placeholder"}));
        host.run(|| Dingtalk::send(config, message("t", "b")))
            .unwrap();
        host.advance_ms(7_200_000);
    }
    let requests = host.requests();
    assert!(requests[1].url.contains("timestamp=1735700400000"));
    let sign = |request: &Request| request.url.split("&sign=").nth(1).unwrap().to_owned();
    assert_ne!(sign(&requests[0]), sign(&requests[1]));
}

#[test]
fn a_robot_without_a_secret_is_not_signed() {
    let (_, request) = send(json!({"secret": ""}), message("t", "b"));
    assert!(!request.url.contains("sign="));
}

#[test]
fn a_dedicated_deployment_has_its_own_address() {
    for url in ["https://ding.example.com", "https://ding.example.com/"] {
        let (_, request) = send(json!({"api_url": url}), message("t", "b"));
        assert_eq!(
            request.url,
            "https://ding.example.com/robot/send?access_token=token-placeholder"
        );
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("dingtalk", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.limits.max_body_bytes,
        Some(crate::body::LIMIT as u64)
    );
    let mut full = json!({
        "access_token": "t", "secret": "s", "api_url": "https://ding.example.com",
        "at_mobiles": ["13800000000"], "at_user_ids": ["u1"], "at_all": true,
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    let config: Config = serde_json::from_value(full).unwrap();
    assert_eq!(config.secret, Some(Secret::new("s")));
    assert!(config.at.all && config.at.mobiles == ["13800000000"] && config.at.user_ids == ["u1"]);
    let secret = |name: &str| manifest.config[name].secret;
    assert!(secret("access_token") && secret("secret"));
}

#[test]
fn people_are_called_in_the_text_and_beside_it() {
    let who = |who| Mention {
        name: "Mei".to_owned(),
        who,
    };
    let handle = |handle: &str| who(Mentioned::Handle(handle.to_owned()));
    let mentions = vec![
        handle("13800000000"),
        handle("manager12"),
        who(Mentioned::Unknown),
        handle("x\"} @all"),
        handle("nobody-links-here"),
        who(Mentioned::Everyone),
    ];
    let body = "**[Mei](mention:0)** [Tom \\[T\\]](mention:1), [Ann](mention:2) [x](mention:3) \\[y\\](mention:4)";
    let message = Message {
        mentions,
        ..message("t", body)
    };
    let (result, request) = send(json!({"at_user_ids": ["always"]}), message.clone());
    assert_eq!(result, Ok(Receipt::default()));
    let sent = request.json::<Value>();
    let text = "**@13800000000** @manager12, Ann x \\[y\\](mention:4)\n\n@always";
    assert_eq!(sent["markdown"]["text"], text);
    let at = json!({"atMobiles": ["13800000000"], "atUserIds": ["always", "manager12"], "isAtAll": false});
    assert_eq!(sent["at"], at);
    let all = Message {
        body: "[all](mention:5)".to_owned(),
        ..message
    };
    let sent = send(json!({}), all).1.json::<Value>();
    assert_eq!(
        (&sent["markdown"]["text"], &sent["at"]["isAtAll"]),
        (&json!("@all"), &json!(true))
    );
}
