//! The request's JSON.

use message_text::{Unit, cut, hard_breaks, harmless, title, with_links};
use push_notify_sdk::{Failure, Message, Secret};
use serde::Serialize;

/// In characters: 20000 are taken of a text.
pub(crate) const LIMIT: usize = 20_000;
const TITLE: usize = 100;

#[derive(serde::Deserialize)]
pub struct Config {
    token: Secret,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    webhook: String,
}

pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Send<'a> {
    token: &'a str,
    title: &'a str,
    content: &'a str,
    template: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    topic: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    channel: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    webhook: &'a str,
}

pub(crate) fn build(message: &Message, config: &Config) -> Result<Body, Failure> {
    let title = title(message, TITLE);
    let text = hard_breaks(&harmless(&with_links(message)));
    // PushPlus refuses an empty text.
    let text = match text.is_empty() {
        true => &message.repository,
        false => &text,
    };
    let cut = cut(text, LIMIT, Unit::Chars, &message.locale);
    let json = serde_json::to_vec(&Send {
        token: config.token.as_ref(),
        title: &title,
        content: &cut.text,
        template: "markdown",
        topic: &config.topic,
        channel: &config.channel,
        webhook: &config.webhook,
    })?;
    Ok(Body {
        json,
        note: cut.note(&format!("PushPlus's {LIMIT} characters")),
    })
}
