mod answer;
mod app;
mod conformance;

use crate::{Config, Feishu};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Mention, Mentioned, Message, Receipt,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"code":0,"data":{},"msg":"success"}"#;
const NOW_MS: u64 = 1_735_693_200_000;

fn config(fields: Value) -> Config {
    let mut config = json!({"token": "token-placeholder"});
    let all = config.as_object_mut().unwrap();
    all.extend(fields.as_object().unwrap().clone());
    serde_json::from_value(config).unwrap()
}

fn message(body: &str) -> Message {
    Message {
        title: "Title".to_owned(),
        body: body.to_owned(),
        locale: "zh-CN".to_owned(),
        ..Message::default()
    }
}

fn feishu(status: u16, body: impl Into<Vec<u8>>) -> Host {
    let body = body.into();
    Host::new()
        .now_ms(NOW_MS)
        .secret("secret-placeholder", "not-a-real-secret")
        .http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = feishu(200, OK);
    let result = host.run(|| Feishu::send(config(fields), message));
    (result, host.requests().pop().unwrap())
}

#[test]
fn a_message_is_a_card_with_the_colour_of_its_state() {
    let message = Message {
        state: Some("failed".to_owned()),
        url: Some("https://git.example.com/1".to_owned()),
        ..message("**text**")
    };
    let (result, request) = send(json!({}), message);
    assert_eq!(result, Ok(Receipt::default()));
    assert_eq!(
        request.url,
        "https://open.feishu.cn/open-apis/bot/v2/hook/token-placeholder"
    );
    let text = |text: &str| json!({"tag": "plain_text", "content": text});
    let expected = json!({
        "msg_type": "interactive",
        "card": {
            "schema": "2.0",
            "header": {
                "title": text("Title"),
                "template": "red",
                "text_tag_list": [{"tag": "text_tag", "text": text("失败"), "color": "red"}],
            },
            "body": {"elements": [
                {"tag": "markdown", "content": "**text**"},
                {"tag": "button", "text": text("查看详情"), "type": "primary",
                    "behaviors": [{"type": "open_url", "default_url": "https://git.example.com/1"}]},
            ]},
        },
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn the_signature_is_in_the_body_and_made_anew() {
    let host = feishu(200, OK);
    for _ in 0..2 {
        let config = config(json!({"secret": "secret-placeholder"}));
        host.run(|| Feishu::send(config, message("t"))).unwrap();
        host.advance_ms(3_600_000);
    }
    let sent: Vec<Value> = host.requests().iter().map(Request::json).collect();
    assert_eq!(sent[0]["timestamp"], "1735693200");
    // openssl dgst -sha256 -mac HMAC, with an empty message.
    assert_eq!(sent[0]["sign"], SIGNATURE);
    assert_eq!(sent[1]["timestamp"], "1735696800");
    assert_ne!(sent[0]["sign"], sent[1]["sign"]);
    let unsigned: Value = send(json!({"secret": ""}), message("t")).1.json();
    assert_eq!(unsigned["sign"], Value::Null);
}

const SIGNATURE: &str = "Tf9q92pxzrKYu/4OWa9V/3X9+SGRjX8trBXtw7ftRR8=";

#[test]
fn a_bot_may_be_at_lark_or_at_a_private_deployment() {
    for (fields, start) in [
        (
            json!({"host": "lark"}),
            "https://open.larksuite.com/open-apis/",
        ),
        (
            json!({"host": "feishu"}),
            "https://open.feishu.cn/open-apis/",
        ),
        (
            json!({"api_url": "https://fs.example.com/"}),
            "https://fs.example.com/open-apis/",
        ),
    ] {
        let (_, request) = send(fields, message("t"));
        assert!(request.url.starts_with(start), "{}", request.url);
    }
}

#[test]
fn people_are_called_by_their_id_and_strangers_call_nobody() {
    let who = |who| Mention {
        name: "Mei".to_owned(),
        who,
    };
    let message = Message {
        mentions: vec![
            who(Mentioned::Handle("ou_1".to_owned())),
            who(Mentioned::Handle("ou_1></at><at id=all".to_owned())),
            who(Mentioned::Everyone),
        ],
        ..message("[Mei](mention:0) [Tom](mention:1) [all](mention:2) \\<at id=all>\\</at>")
    };
    let at = json!({"at_user_ids": ["ou_2", "x> y"], "at_all": true});
    let sent: Value = send(at, message).1.json();
    let elements = &sent["card"]["body"]["elements"];
    let expected = "<at id=ou_1></at> Tom <at id=all></at> &#60;at id=all&#62;&#60;/at&#62;";
    assert_eq!(elements[0]["content"], expected);
    assert_eq!(elements[1]["content"], "<at id=ou_2></at> <at id=all></at>");
}

#[test]
fn a_long_text_fills_what_feishu_takes() {
    for unit in ["x", "張", "\"", "**b** ", "a\n\n", "`c` ", "<"] {
        let (result, request) = send(json!({}), message(&unit.repeat(20_000)));
        let sent = request.text().len();
        assert!(
            sent <= crate::body::LIMIT && sent > crate::body::LIMIT - 64,
            "{unit:?}: {sent}"
        );
        assert!(result.unwrap().note.unwrap().contains("left out"));
    }
}

#[test]
fn an_empty_body_shows_the_title() {
    let sent: Value = send(json!({}), message(" \n")).1.json();
    assert_eq!(sent["card"]["body"]["elements"][0]["content"], "Title");
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("feishu", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.limits.max_body_bytes,
        Some(crate::body::LIMIT as u64)
    );
    let mut full = json!({
        "token": "t", "secret": "s", "host": "lark", "api_url": "https://fs.example.com",
        "at_user_ids": ["ou_1"], "at_all": true, "app_id": "cli_1", "app_secret": "s", "chat_id": "oc_1",
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    let config: Config = serde_json::from_value(full).unwrap();
    assert!(config.secret.is_some() && config.at.all && config.at.user_ids == ["ou_1"]);
    assert!(manifest.config["token"].secret && manifest.config["secret"].secret);
}
