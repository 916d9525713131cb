//! The request's JSON.

use message_text::{Unit, cut, first, hard_breaks, harmless, title, with_links};
use push_notify_sdk::{Failure, Message, card};
use serde::Serialize;

/// In bytes: 32 KB are taken, of the text.
pub(crate) const LIMIT: usize = 32_000;
/// In characters; a longer title is cut there without a mark. It stands whole above the text.
const TITLE: usize = 32;

#[derive(serde::Deserialize)]
pub(crate) struct More {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    tags: String,
}

pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Send<'a> {
    title: &'a str,
    /// Markdown.
    desp: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    channel: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    tags: &'a str,
    /// The address of this engine is nobody's business.
    noip: u8,
}

pub(crate) fn build(message: &Message, more: &More) -> Result<Body, Failure> {
    let whole = title(message, usize::MAX);
    let title = first(&whole, TITLE);
    let mut text = hard_breaks(&harmless(&with_links(message)));
    if whole != title {
        text = format!("**{}**\n\n{text}", card::escaped(&whole));
    }
    let encode = |text: &str| {
        serde_json::to_vec(&Send {
            title: &title,
            desp: text,
            channel: &more.channel,
            tags: &more.tags,
            noip: 1,
        })
    };
    let room = LIMIT.saturating_sub(encode("")?.len());
    let cut = cut(&text, room, Unit::Json, &message.locale);
    Ok(Body {
        json: encode(&cut.text)?,
        note: cut.note(&format!("ServerChan's {LIMIT} bytes")),
    })
}
