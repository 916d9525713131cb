mod answer;
mod conformance;

use crate::{Config, Telegram};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Followed, Mention, Mentioned, Message, Receipt, Replies, Updates,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"ok":true,"result":{"message_id":17,"chat":{"id":-100123}}}"#;

fn config(fields: Value) -> Config {
    let mut config = json!({"token": "token-placeholder", "chat_id": "@pears"});
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

/// A host whose Telegram gives one answer after another, and the last one for ever.
fn telegram(answers: &[&str]) -> Host {
    let answers: Vec<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    Host::new().http(move |_| {
        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let answer = &answers[at.min(answers.len() - 1)];
        let status = if answer.contains("\"ok\":true") {
            200
        } else {
            400
        };
        Ok(testing::response(status, answer.clone()))
    })
}

fn sent(host: &Host) -> Vec<Value> {
    host.requests().iter().map(Request::json).collect()
}

fn receipt(note: Option<&str>) -> Receipt {
    Receipt {
        id: Some("17".to_owned()),
        handle: Some("-100123:17".to_owned()),
        note: note.map(str::to_owned),
    }
}

#[test]
fn a_message_is_html_with_a_button() {
    let message = Message {
        state: Some("failed".to_owned()),
        url: Some("https://git.example.com/1".to_owned()),
        ..message("**text** \\<b>")
    };
    let host = telegram(&[OK]);
    let fields = json!({"thread_id": 5, "silent": true});
    let result = host.run(|| Telegram::send(config(fields), message));
    assert_eq!(result, Ok(receipt(None)));
    assert_eq!(
        host.requests()[0].url,
        "https://api.telegram.org/bottoken-placeholder/sendMessage"
    );
    let expected = json!({
        "chat_id": "@pears",
        "message_thread_id": 5,
        "disable_notification": true,
        "text": "<b>Title</b>\n🔴 失败\n<b>text</b> &lt;b&gt;",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": true},
        "reply_markup": {"inline_keyboard": [[{"text": "查看详情", "url": "https://git.example.com/1"}]]},
    });
    assert_eq!(sent(&host)[0], expected);
}

#[test]
fn what_telegram_cannot_read_is_sent_as_text_once() {
    let picky =
        r#"{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: x"}"#;
    let host = telegram(&[picky, OK]);
    let message = || Message {
        url: Some("https://git/1".to_owned()),
        ..message("**text** <b>")
    };
    let result = host
        .run(|| Telegram::send(config(json!({})), message()))
        .unwrap();
    assert!(result.note.unwrap().starts_with("sent as plain text: "));
    let plain = &sent(&host)[1];
    assert_eq!(plain["text"], "Title\ntext <b>\n\n查看详情: https://git/1");
    assert_eq!(
        (&plain["parse_mode"], &plain["reply_markup"]),
        (&Value::Null, &Value::Null)
    );
    let host = telegram(&[picky]);
    let result = host.run(|| Telegram::send(config(json!({})), message()));
    assert_eq!(
        (testing::class(&result), host.requests().len()),
        ("rejected".to_owned(), 2)
    );
}

#[test]
fn a_group_that_has_moved_gets_the_message_and_the_note_says_so() {
    let moved = r#"{"ok":false,"error_code":400,"description":"upgraded","parameters":{"migrate_to_chat_id":-100123}}"#;
    let host = telegram(&[moved, OK]);
    let result = host.run(|| Telegram::send(config(json!({})), message("t")));
    let note = "the group's id is -100123 now: set chat_id to it";
    assert_eq!(result, Ok(receipt(Some(note))));
    assert_eq!(sent(&host)[1]["chat_id"], "-100123");
    let always = telegram(&[moved]).run(|| Telegram::send(config(json!({})), message("t")));
    assert_eq!(testing::class(&always), "misconfigured");
}

#[test]
fn a_message_is_changed_and_answered() {
    let host = telegram(&[OK]);
    let handle = || "-100123:17".to_owned();
    let fields = || config(json!({"thread_id": 5, "silent": true}));
    let result = host.run(|| Telegram::update(fields(), handle(), message("new")));
    assert_eq!(result, Ok(Followed::Sent(receipt(None))));
    let result = host.run(|| Telegram::reply(fields(), handle(), message("more")));
    assert_eq!(result, Ok(Followed::Sent(receipt(None))));
    assert!(host.requests()[0].url.ends_with("/editMessageText"));
    let [update, reply] = sent(&host).try_into().unwrap();
    assert_eq!(
        (&update["chat_id"], &update["message_id"]),
        (&json!("-100123"), &json!(17))
    );
    assert_eq!(update["message_thread_id"], Value::Null);
    assert_eq!(reply["reply_parameters"], json!({"message_id": 17}));
}

#[test]
fn what_is_as_it_was_is_changed_and_what_is_gone_is_sent_anew() {
    let answer =
        |text: &str| json!({"ok": false, "error_code": 400, "description": text}).to_string();
    let update = |answer: &str, handle: &str| {
        telegram(&[answer])
            .run(|| Telegram::update(config(json!({})), handle.to_owned(), message("t")))
    };
    let same = update(
        &answer("Bad Request: message is not modified: x"),
        "-100123:17",
    );
    assert_eq!(same, Ok(Followed::Sent(receipt(None))));
    let gone = update(
        &answer("Bad Request: message to edit not found"),
        "-100123:17",
    );
    assert!(matches!(gone, Ok(Followed::Gone(_))), "{gone:?}");
    assert!(matches!(update(OK, "x"), Ok(Followed::Gone(_))));
}

#[test]
fn people_are_called_by_number_or_name_and_strangers_call_nobody() {
    let who = |name: &str, who| Mention {
        name: name.to_owned(),
        who,
    };
    let handle = |handle: &str| Mentioned::Handle(handle.to_owned());
    let message = Message {
        mentions: vec![
            who("<Mei>", handle("42")),
            who("Tom", handle("@tom")),
            who("Eve", handle("1\">x")),
            who("all", Mentioned::Everyone),
        ],
        ..message("[a](mention:0) [b](mention:1) [c](mention:2) [d](mention:3) @durov")
    };
    let host = telegram(&[OK]);
    host.run(|| Telegram::send(config(json!({})), message))
        .unwrap();
    let expected =
        "<b>Title</b>\n<a href=\"tg://user?id=42\">&lt;Mei&gt;</a> @tom c d @\u{200b}durov";
    assert_eq!(sent(&host)[0]["text"], expected);
}

#[test]
fn a_long_text_fills_what_telegram_shows() {
    for (unit, size) in [
        ("x", 1),
        ("🍐", 2),
        ("\\<", 1),
        ("**b** ", 2),
        ("[l](https://l.example) ", 2),
    ] {
        let host = telegram(&[OK]);
        let result = host.run(|| Telegram::send(config(json!({})), message(&unit.repeat(6000))));
        assert!(result.unwrap().note.unwrap().contains("left out"));
        let text = sent(&host)[0]["text"].as_str().unwrap().to_owned();
        let shown = as_shown(&text);
        let shown = shown.encode_utf16().count();
        assert!(
            shown <= 4096 && shown > 4096 - 16 - size,
            "{unit:?}: {shown}"
        );
    }
}

/// Without tags, and with entities as the characters that they are.
fn as_shown(text: &str) -> String {
    let mut parts = text.split('<');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('>').unwrap().1);
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[test]
fn a_server_of_ones_own_has_its_own_address() {
    let host = telegram(&[OK]);
    let fields = json!({"api_url": "https://tg.example.com/"});
    host.run(|| Telegram::probe(config(fields))).unwrap();
    assert_eq!(
        host.requests()[0].url,
        "https://tg.example.com/bottoken-placeholder/getChat"
    );
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("telegram", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    let mut full = json!({
        "token": "t", "chat_id": "-1", "thread_id": 5, "silent": true, "api_url": "https://tg.example.com",
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    let config: Config = serde_json::from_value(full).unwrap();
    assert!(config.thread_id == Some(5) && config.silent && manifest.config["token"].secret);
}
