//! The official channels, each with settings and a far side that takes everything.

use anyhow::anyhow;
use push_notify_sdk::{
    Message,
    smtp::{Outcome, Reply},
    testing::{Host, response},
};
use serde_json::{Value, json};

pub(crate) struct Channel {
    pub(crate) id: &'static str,
    config: Value,
    answer: &'static str,
    pub(crate) send: fn(&Self, Message) -> anyhow::Result<Sent>,
}

/// What the far side got.
pub(crate) enum Sent {
    Body(Value),
    Mail(Vec<u8>),
}

pub(crate) fn all() -> Vec<Channel> {
    const ID: &str = r#"{"id":"1","errcode":0,"code":0,"ok":true,"channel":"C0","ts":"1.1",
        "result":{"message_id":1},"event_id":"$1","status":"success","dedup_key":"x"}"#;
    const BARK: &str = r#"{"code":200,"message":"success"}"#;
    const GOTIFY: &str = r#"{"id":1}"#;
    let smtp = json!({
        "smtp_host": "smtp.example.com", "smtp_port": 587, "from": "bot@example.com",
        "from_name": "Push Notify", "to": ["dev@example.com"],
    });
    let room = json!({
        "homeserver": "https://matrix.example.com", "access_token": "x", "room_id": "!r:example.com",
    });
    let discord = json!({"webhook_url": "https://discord.com/api/webhooks/1/x"});
    let teams = json!({"url": "https://teams.example.com/x"});
    let server = json!({"server": "https://gotify.example.com", "token": "x"});
    let channel = |id, config, answer, send| Channel {
        id,
        config,
        answer,
        send,
    };
    vec![
        channel(
            "dingtalk",
            json!({"access_token": "x"}),
            ID,
            send::<channel_dingtalk::Dingtalk>,
        ),
        channel(
            "feishu",
            json!({"token": "x"}),
            ID,
            send::<channel_feishu::Feishu>,
        ),
        channel(
            "wecom",
            json!({"key": "x"}),
            ID,
            send::<channel_wecom::Wecom>,
        ),
        channel(
            "slack",
            json!({"token": "x", "channel": "C0"}),
            ID,
            send::<channel_slack::Slack>,
        ),
        channel(
            "telegram",
            json!({"token": "x", "chat_id": "1"}),
            ID,
            send::<channel_telegram::Telegram>,
        ),
        channel("discord", discord, ID, send::<channel_discord::Discord>),
        channel("teams", teams.clone(), "", send::<channel_teams::Teams>),
        channel(
            "mattermost",
            teams.clone(),
            "ok",
            send::<channel_mattermost::Mattermost>,
        ),
        channel("matrix", room, ID, send::<channel_matrix::Matrix>),
        channel("email", smtp, "", send::<channel_email::Email>),
        channel("webhook", teams, "", send::<channel_webhook::Webhook>),
        channel(
            "ntfy",
            json!({"topic": "x", "markdown": true}),
            ID,
            send::<channel_ntfy::Ntfy>,
        ),
        channel("gotify", server, GOTIFY, send::<channel_gotify::Gotify>),
        channel(
            "bark",
            json!({"device_key": "x"}),
            BARK,
            send::<channel_bark::Bark>,
        ),
        channel(
            "serverchan",
            json!({"send_key": "x"}),
            ID,
            send::<channel_serverchan::Serverchan>,
        ),
        channel(
            "pushplus",
            json!({"token": "x"}),
            BARK,
            send::<channel_pushplus::Pushplus>,
        ),
        channel(
            "pagerduty",
            json!({"routing_key": "x"}),
            ID,
            send::<channel_pagerduty::Pagerduty>,
        ),
    ]
}

fn send<C: push_notify_sdk::Channel>(channel: &Channel, message: Message) -> anyhow::Result<Sent> {
    let answer = channel.answer;
    let host = Host::new()
        .now_ms(1_793_610_000_000)
        .http(move |_| Ok(response(200, answer)))
        .smtp(|_, envelope, _| {
            let reply = Reply {
                code: 250,
                text: String::new(),
            };
            let recipients = envelope.recipients.iter();
            Ok(recipients
                .map(|recipient| Outcome {
                    recipient: recipient.clone(),
                    reply: reply.clone(),
                })
                .collect())
        });
    let config = serde_json::from_value(channel.config.clone())?;
    let sent = host.run(|| C::send(config, message));
    sent.map_err(|failure| anyhow!("{failure:?}"))?;
    if let Some(mail) = host.mails().pop() {
        return Ok(Sent::Mail(mail.message));
    }
    let request = host.requests().pop();
    let request = request.ok_or_else(|| anyhow!("nothing was sent"))?;
    Ok(Sent::Body(request.json()))
}
