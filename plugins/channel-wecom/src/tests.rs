mod answer;
mod conformance;

use crate::{Config, Wecom};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Mention, Mentioned, Message, Receipt,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"key": "key-placeholder"});
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

fn failed(body: &str) -> Message {
    Message {
        state: Some("failed".to_owned()),
        url: Some("https://git.example.com/1".to_owned()),
        ..message(body)
    }
}

fn wecom(status: u16, body: impl Into<Vec<u8>>) -> Host {
    let body = body.into();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = wecom(200, OK);
    let result = host.run(|| Wecom::send(config(fields), message));
    (result, host.requests().pop().unwrap())
}

fn content(fields: Value, message: Message) -> (String, String) {
    let sent: Value = send(fields, message).1.json();
    let kind = sent["msgtype"].as_str().unwrap().to_owned();
    let content = sent[&kind]["content"].as_str().unwrap().to_owned();
    (kind, content)
}

#[test]
fn a_message_has_its_state_in_colour_and_one_link() {
    let (result, request) = send(json!({}), failed("**text**"));
    assert_eq!(result, Ok(Receipt::default()));
    assert_eq!(
        request.url,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-placeholder"
    );
    let text = "### Title\n<font color=\"warning\">失败</font>\n**text**\n\n[查看详情](https://git.example.com/1)";
    let expected = json!({"msgtype": "markdown", "markdown": {"content": text}});
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn the_second_kind_has_tables_and_no_colours() {
    let v2 = json!({"format": "markdown_v2"});
    let (kind, text) = content(v2, failed("| a |\n|---|\n| 1 |"));
    assert_eq!(kind, "markdown_v2");
    let expected =
        "### Title\n🔴 失败\n| a |\n| --- |\n| 1 |\n\n[查看详情](https://git.example.com/1)";
    assert_eq!(text, expected);
}

#[test]
fn what_calls_somebody_is_sent_as_the_first_kind() {
    let who = |who| Mention {
        name: "Mei".to_owned(),
        who,
    };
    let body = "[Mei](mention:0) [all](mention:1) \\<@tom>";
    let calls = |first| Message {
        mentions: vec![who(first), who(Mentioned::Unknown)],
        ..message(body)
    };
    let v2 = || json!({"format": "markdown_v2"});
    let (kind, text) = content(v2(), calls(Mentioned::Handle("mei".to_owned())));
    assert_eq!(kind, "markdown");
    assert_eq!(text, "### Title\n<@mei> all <\u{200b}@tom>");
    assert_eq!(content(v2(), calls(Mentioned::Unknown)).0, "markdown_v2");
    let at = json!({"format": "markdown_v2", "at_user_ids": ["mei", "a> <@b"], "at_all": true});
    let (kind, text) = content(at, message("text"));
    assert_eq!(
        (&*kind, &*text),
        ("markdown", "### Title\ntext\n\n<@mei> <@all>")
    );
}

#[test]
fn a_long_text_fills_what_wecom_takes_and_keeps_its_link() {
    for unit in ["x", "張", "🍐", "**b** ", "a\n\n", "`c` ", "<a"] {
        for format in ["markdown", "markdown_v2"] {
            let (_, text) = content(json!({"format": format}), failed(&unit.repeat(5000)));
            let sent = text.len();
            assert!(
                sent <= crate::body::LIMIT && sent > crate::body::LIMIT - 64,
                "{unit:?}: {sent}"
            );
            let end = "个字符）\n\n[查看详情](https://git.example.com/1)";
            assert!(text.ends_with(end), "{unit:?}");
        }
    }
}

#[test]
fn too_many_people_to_alert_are_misconfigured() {
    let at = json!({"at_user_ids": vec!["u".repeat(200); 50]});
    let result = wecom(200, OK).run(|| Wecom::send(config(at), message("t")));
    assert_eq!(testing::class(&result), "misconfigured");
}

#[test]
fn a_private_deployment_has_its_own_address() {
    let (_, request) = send(json!({"api_url": "https://wx.example.com/"}), message("t"));
    let start = "https://wx.example.com/cgi-bin/webhook/send?key=";
    assert!(request.url.starts_with(start), "{}", request.url);
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("wecom", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    let mut full = json!({
        "key": "k", "format": "markdown_v2", "at_user_ids": ["mei"], "at_all": true,
        "api_url": "https://wx.example.com",
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    let config: Config = serde_json::from_value(full).unwrap();
    assert_eq!(config.format, crate::Format::MarkdownV2);
    assert!(config.at.all && config.at.user_ids == ["mei"] && manifest.config["key"].secret);
}
