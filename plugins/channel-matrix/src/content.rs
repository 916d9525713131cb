//! The content of an `m.room.message`: as plain text, and as HTML for those who show that.

use crate::html::{self, push_escaped};
use message_text::{Unit, cut, dot, first, line, plain, title, web};
use push_notify_sdk::{Failure, Message};
use serde::Serialize;

/// In bytes: an event has 64 KiB, with what the server adds.
pub(crate) const LIMIT: usize = 60_000;
/// Bytes of Markdown to begin with; both forms of it have to fit.
const ROOM: usize = 20_000;
/// In characters.
const TITLE: usize = 200;
const LABEL: usize = 100;
const VALUE: usize = 200;
const MOST_FIELDS: usize = 10;
const MOST_LINKS: usize = 5;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 1000;

/// To an earlier event.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Relation<'a> {
    None,
    Replaces(&'a str),
    InThreadOf(&'a str),
}

pub(crate) struct Content {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct RoomMessage<'a> {
    msgtype: &'static str,
    body: &'a str,
    format: &'static str,
    formatted_body: &'a str,
    /// Nobody is called, whatever the text says.
    #[serde(rename = "m.mentions")]
    mentions: Nobody,
    #[serde(rename = "m.relates_to", skip_serializing_if = "Option::is_none")]
    relates_to: Option<RelatesTo<'a>>,
}

/// For who does not know of changes, the new text is there once more.
#[derive(Serialize)]
struct Replacement<'a> {
    msgtype: &'static str,
    body: String,
    #[serde(rename = "m.mentions")]
    mentions: Nobody,
    #[serde(rename = "m.new_content")]
    new_content: RoomMessage<'a>,
    #[serde(rename = "m.relates_to")]
    relates_to: RelatesTo<'a>,
}

#[derive(Serialize)]
struct Nobody {}

#[derive(Serialize)]
struct RelatesTo<'a> {
    rel_type: &'static str,
    event_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_falling_back: Option<bool>,
    #[serde(rename = "m.in_reply_to", skip_serializing_if = "Option::is_none")]
    in_reply_to: Option<InReplyTo<'a>>,
}

#[derive(Serialize)]
struct InReplyTo<'a> {
    event_id: &'a str,
}

pub(crate) fn build(
    message: &Message,
    notice: bool,
    relation: Relation<'_>,
) -> Result<Content, Failure> {
    let mut room = ROOM;
    loop {
        let cut = cut(message.body.trim(), room, Unit::Bytes, &message.locale);
        let (text, html) = both(message, &cut.text);
        let json = encode(&text, &html, notice, relation)?;
        if json.len() <= LIMIT || room == 0 {
            let note = cut.note("what an event holds");
            return Ok(Content { json, note });
        }
        // How long a text is as HTML in JSON shows when it is made.
        room = room * 2 / 3;
    }
}

fn encode(
    text: &str,
    html: &str,
    notice: bool,
    relation: Relation<'_>,
) -> serde_json::Result<Vec<u8>> {
    let msgtype = if notice { "m.notice" } else { "m.text" };
    let message = |relates_to| RoomMessage {
        msgtype,
        body: text,
        format: "org.matrix.custom.html",
        formatted_body: html,
        mentions: Nobody {},
        relates_to,
    };
    match relation {
        Relation::None => serde_json::to_vec(&message(None)),
        Relation::InThreadOf(event_id) => serde_json::to_vec(&message(Some(RelatesTo {
            rel_type: "m.thread",
            event_id,
            is_falling_back: Some(true),
            in_reply_to: Some(InReplyTo { event_id }),
        }))),
        Relation::Replaces(event_id) => serde_json::to_vec(&Replacement {
            msgtype,
            body: format!("* {text}"),
            mentions: Nobody {},
            new_content: message(None),
            relates_to: RelatesTo {
                rel_type: "m.replace",
                event_id,
                is_falling_back: None,
                in_reply_to: None,
            },
        }),
    }
}

/// Title, text, fields and links, as plain text and as HTML.
fn both(message: &Message, markdown: &str) -> (String, String) {
    let address = |url| web(url).filter(|url| url.len() <= LONGEST_ADDRESS);
    let title = title(message, TITLE);
    let dot = dot(message);
    let mut text = format!("{dot}{title}\n\n{}", plain(markdown));
    let mut html = format!("<h4>{dot}");
    match address(message.url.as_deref()) {
        Some(url) => push_link(&mut html, &title, url),
        None => push_escaped(&mut html, &title),
    }
    html.push_str("</h4>\n");
    html.push_str(&html::of(markdown));
    for field in message.fields.iter().take(MOST_FIELDS) {
        let name = first(&line(&field.name), LABEL);
        let value = first(&line(&field.value), VALUE);
        text.push_str(&format!("\n{name}: {value}"));
        html.push_str("<b>");
        push_escaped(&mut html, &name);
        html.push_str("</b>: ");
        push_escaped(&mut html, &value);
        html.push_str("<br>\n");
    }
    for link in message.links.iter().take(MOST_LINKS) {
        if let Some(url) = address(Some(&link.url)) {
            let label = first(&line(&link.label), LABEL);
            text.push_str(&format!("\n{label}: {url}"));
            push_link(&mut html, &label, url);
            html.push_str("<br>\n");
        }
    }
    text.truncate(text.trim_end().len());
    (text, html)
}

fn push_link(html: &mut String, text: &str, url: &str) {
    html.push_str("<a href=\"");
    push_escaped(html, url);
    html.push_str("\">");
    push_escaped(html, text);
    html.push_str("</a>");
}
