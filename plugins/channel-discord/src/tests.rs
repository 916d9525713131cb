mod answer;
mod conformance;
mod strangers;

use crate::{Config, Discord};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Followed, Mention, Mentioned, Message, Receipt, Updates,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"id":"1300","channel_id":"42","content":""}"#;
const HOOK: &str = "https://discord.com/api/webhooks/1/not-a-secret";

fn config(fields: Value) -> Config {
    let mut config = json!({"webhook_url": HOOK});
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

fn discord(status: u16, body: impl Into<Vec<u8>>) -> Host {
    let body = body.into();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = discord(200, OK);
    let result = host.run(|| Discord::send(config(fields), message));
    (result, host.requests().pop().unwrap())
}

fn receipt(handle: &str) -> Receipt {
    Receipt {
        id: Some("1300".to_owned()),
        handle: Some(handle.to_owned()),
        note: None,
    }
}

#[test]
fn a_message_is_an_embed_with_the_colour_of_its_state() {
    let message = Message {
        state: Some("failed".to_owned()),
        url: Some("https://git.example.com/1".to_owned()),
        ..message("**text** \\@everyone \\<@5>")
    };
    let (result, request) = send(json!({}), message);
    assert_eq!(result, Ok(receipt(":1300")));
    assert_eq!(request.url, format!("{HOOK}?wait=true"));
    let expected = json!({
        "content": "",
        "embeds": [{
            "title": "Title",
            "url": "https://git.example.com/1",
            "description": "🔴 **失败**\n**text** \\@everyone \\<\\@5\\>\n\n[查看详情](https://git.example.com/1)",
            "color": 0x00e7_4c3c,
        }],
        "allowed_mentions": {"parse": [], "users": []},
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn a_thread_is_a_part_of_the_address_and_of_the_handle() {
    let (result, request) = send(json!({"thread_id": " 77 "}), message("t"));
    assert_eq!(request.url, format!("{HOOK}?wait=true&thread_id=77"));
    assert_eq!(result, Ok(receipt("77:1300")));
}

#[test]
fn a_message_is_changed_where_it_is() {
    let host = discord(200, OK);
    for (handle, url) in [
        ("77:1300", format!("{HOOK}/messages/1300?thread_id=77")),
        (":1300", format!("{HOOK}/messages/1300")),
    ] {
        let result =
            host.run(|| Discord::update(config(json!({})), handle.to_owned(), message("new")));
        assert_eq!(result, Ok(Followed::Sent(receipt(handle))));
        assert_eq!(host.requests().pop().unwrap().url, url);
    }
}

#[test]
fn what_is_gone_is_sent_anew() {
    for (status, body, handle) in [
        (404, r#"{"code":10008,"message":"Unknown Message"}"#, ":1"),
        (
            400,
            r#"{"code":30046,"message":"Maximum number of edits"}"#,
            ":1",
        ),
        (200, OK, ":../1"),
        (200, OK, "1"),
    ] {
        let host = discord(status, body);
        let result =
            host.run(|| Discord::update(config(json!({})), handle.to_owned(), message("t")));
        assert!(matches!(result, Ok(Followed::Gone(_))), "{result:?}");
    }
}

#[test]
fn those_whom_the_body_calls_are_called_above_the_embed() {
    let who = |who| Mention {
        name: "Mei".to_owned(),
        who,
    };
    let handle = |handle: &str| who(Mentioned::Handle(handle.to_owned()));
    let mentions = vec![
        handle("5"),
        handle("5"),
        handle("6"),
        handle("x"),
        who(Mentioned::Everyone),
    ];
    let called = Message {
        mentions: mentions.clone(),
        ..message("[a](mention:0) [b](mention:1) [c](mention:3)")
    };
    let sent: Value = send(json!({}), called).1.json();
    assert_eq!(sent["content"], "<@5>");
    assert_eq!(
        sent["allowed_mentions"],
        json!({"parse": [], "users": ["5"]})
    );
    assert_eq!(sent["embeds"][0]["description"], "<@5> <@5> c");
    let everyone = Message {
        mentions,
        ..message("[all](mention:4)")
    };
    let sent: Value = send(json!({}), everyone).1.json();
    assert_eq!(sent["content"], "@everyone");
    assert_eq!(
        sent["allowed_mentions"],
        json!({"parse": ["everyone"], "users": []})
    );
}

#[test]
fn a_long_text_fills_what_discord_takes() {
    for unit in [
        "x",
        "🍐",
        "\\*",
        "**b** ",
        "`c` ",
        "[l](https://l.example) ",
    ] {
        let long = Message {
            title: "_".repeat(500),
            ..message(&unit.repeat(5000))
        };
        let (result, request) = send(json!({}), long);
        assert!(result.unwrap().note.unwrap().contains("left out"));
        let sent: Value = request.json();
        let length = |name: &str| {
            sent["embeds"][0][name]
                .as_str()
                .unwrap()
                .encode_utf16()
                .count()
        };
        let (title, text) = (length("title"), length("description"));
        assert!(
            title <= 256 && text <= 4096 && text > 4096 - 64,
            "{unit:?}: {title} {text}"
        );
    }
}

#[test]
fn a_probe_asks_the_webhook_what_it_is() {
    let host = discord(200, r#"{"id":"1","type":1}"#);
    assert_eq!(host.run(|| Discord::probe(config(json!({})))), Ok(()));
    assert_eq!(host.requests()[0].url, HOOK);
    let gone = discord(404, r#"{"code":10015,"message":"Unknown Webhook"}"#);
    let result = gone.run(|| Discord::probe(config(json!({}))));
    assert_eq!(testing::class(&result), "misconfigured");
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("discord", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    let mut full = json!({"webhook_url": HOOK, "thread_id": "77"});
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    let config: Config = serde_json::from_value(full).unwrap();
    assert_eq!(config.thread_id.as_deref(), Some("77"));
    assert!(manifest.config["webhook_url"].secret);
}
