mod answer;
mod conformance;

use crate::{Config, Slack};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Followed, Link, Mention, Mentioned, Message, Receipt, Replies, Updates,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const OK: &str = r#"{"ok":true,"channel":"C0PEAR","ts":"1735693200.000100"}"#;
const HOOK: &str = "https://hooks.slack.com/services/T0/B0/not-a-secret";

fn config(fields: Value) -> Config {
    serde_json::from_value(fields).unwrap()
}

fn bot() -> Config {
    config(json!({"token": "token-placeholder", "channel": " C0PEAR "}))
}

fn message(body: &str) -> Message {
    Message {
        title: "Title".to_owned(),
        body: body.to_owned(),
        locale: "zh-CN".to_owned(),
        ..Message::default()
    }
}

fn slack(status: u16, body: impl Into<Vec<u8>>) -> Host {
    let body = body.into();
    Host::new().http(move |_| Ok(testing::response(status, body.clone())))
}

fn send(config: Config, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = slack(200, if config.token.is_some() { OK } else { "ok" });
    let result = host.run(|| Slack::send(config, message));
    (result, host.requests().pop().unwrap())
}

#[test]
fn a_bot_posts_a_card() {
    let message = Message {
        state: Some("failed".to_owned()),
        url: Some("https://git.example.com/1".to_owned()),
        ..message("**text**")
    };
    let (result, request) = send(bot(), message);
    let receipt = Receipt {
        id: Some("1735693200.000100".to_owned()),
        handle: Some("C0PEAR:1735693200.000100".to_owned()),
        note: None,
    };
    assert_eq!(result, Ok(receipt));
    assert_eq!(request.url, "https://slack.com/api/chat.postMessage");
    assert_eq!(
        request.header("authorization"),
        Some("Bearer token-placeholder")
    );
    let expected = json!({
        "channel": "C0PEAR",
        "text": "Title",
        "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Title", "emoji": false}}],
        "attachments": [{"color": "#e01e5a", "fallback": "Title", "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*text*", "verbatim": true}},
            {"type": "context", "elements": [{"type": "mrkdwn", "verbatim": true,
                "text": "🔴 失败  ·  <https://git.example.com/1|查看详情>"}]},
        ]}],
        "unfurl_links": false,
        "unfurl_media": false,
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn a_webhook_gets_the_same_card_and_no_handle() {
    let (result, request) = send(config(json!({"webhook_url": HOOK})), message("text"));
    assert_eq!(result, Ok(Receipt::default()));
    assert_eq!(request.url, HOOK);
    assert_eq!(request.json::<Value>()["channel"], Value::Null);
}

#[test]
fn a_message_is_changed_and_answered() {
    let handle = || "C0PEAR:1735693200.000100".to_owned();
    let host = slack(200, OK);
    let sent = host.run(|| Slack::update(bot(), handle(), message("new")));
    assert!(
        matches!(
            sent,
            Ok(Followed::Sent(Receipt {
                handle: Some(_),
                ..
            }))
        ),
        "{sent:?}"
    );
    let sent = host.run(|| Slack::reply(bot(), handle(), message("more")));
    assert!(matches!(sent, Ok(Followed::Sent(_))), "{sent:?}");
    let [update, reply] = host.requests().try_into().unwrap();
    assert_eq!(update.url, "https://slack.com/api/chat.update");
    let (changed, answered): (Value, Value) = (update.json(), reply.json());
    assert_eq!(
        (&changed["channel"], &changed["ts"]),
        (&json!("C0PEAR"), &json!("1735693200.000100"))
    );
    assert_eq!(answered["thread_ts"], "1735693200.000100");
    assert_eq!(answered["ts"], Value::Null);
}

#[test]
fn what_cannot_be_found_again_is_sent_anew() {
    let gone = r#"{"ok":false,"error":"message_not_found"}"#;
    for (config, handle, answer) in [
        (bot(), "C0PEAR:1", gone),
        (bot(), "nothing", OK),
        (config(json!({"webhook_url": HOOK})), "C0PEAR:1", OK),
    ] {
        let result =
            slack(200, answer).run(|| Slack::update(config, handle.to_owned(), message("t")));
        assert!(matches!(result, Ok(Followed::Gone(_))), "{result:?}");
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
            who(Mentioned::Handle("U0MEI".to_owned())),
            who(Mentioned::Everyone),
            who(Mentioned::Unknown),
        ],
        links: vec![Link {
            label: "a > <!here>".to_owned(),
            url: "https://a.example/?x=1&y=|".to_owned(),
        }],
        ..message("[Mei](mention:0) [all](mention:1) [Tom](mention:2) \\<!here>")
    };
    let sent: Value = send(bot(), message).1.json();
    let blocks = &sent["attachments"][0]["blocks"];
    assert_eq!(
        blocks[0]["text"]["text"],
        "<@U0MEI> <!channel> Tom &lt;!here&gt;"
    );
    let link = "<https://a.example/?x=1&amp;y=%7C|a &gt; &lt;!here&gt;>";
    assert_eq!(blocks[1]["elements"][0]["text"], link);
}

#[test]
fn a_target_without_a_road_is_misconfigured() {
    for fields in [
        json!({}),
        json!({"token": "t"}),
        json!({"token": "", "webhook_url": ""}),
    ] {
        let result = slack(200, OK).run(|| Slack::send(config(fields), message("t")));
        assert_eq!(testing::class(&result), "misconfigured");
    }
}

#[test]
fn a_probe_asks_who_the_bot_is() {
    let host = slack(200, OK);
    assert_eq!(host.run(|| Slack::probe(bot())), Ok(()));
    assert_eq!(host.requests()[0].url, "https://slack.com/api/auth.test");
    let revoked = slack(200, r#"{"ok":false,"error":"token_revoked"}"#);
    assert_eq!(
        testing::class(&revoked.run(|| Slack::probe(bot()))),
        "misconfigured"
    );
}

#[test]
fn another_api_than_slacks_own_is_asked_where_it_is_named() {
    for url in ["https://slack-gov.com/api", "https://slack-gov.com/api/"] {
        let fields = json!({"token": "token-placeholder", "channel": "C0PEAR", "api_url": url});
        let (_, request) = send(config(fields), message("text"));
        assert_eq!(request.url, "https://slack-gov.com/api/chat.postMessage");
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("slack", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.limits.max_body_bytes,
        Some(crate::body::LIMIT as u64)
    );
    let mut full = json!({"token": "t", "channel": "C0", "webhook_url": HOOK,
        "api_url": "https://slack-gov.com/api"});
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    let config = config(full);
    assert!(config.token.is_some() && config.channel.is_some() && config.webhook_url.is_some());
    assert!(manifest.config["token"].secret && manifest.config["webhook_url"].secret);
}
