//! The request's JSON, which DingTalk takes up to [`LIMIT`] bytes of.

use crate::{At, call, markdown};
use push_notify_sdk::{Failure, Message};
use serde::Serialize;

pub(crate) const LIMIT: usize = 20_000;

/// The title shows in the list of conversations, which has room for about this many characters and
/// more.
const TITLE: usize = 200;

/// What is sent, and what the record of the attempt should say of it.
pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

/// A `markdown` message, with its text cut as far as the limit demands. `always` are alerted by
/// each message. Fails when the people to alert alone fill it.
pub(crate) fn build(message: &Message, always: &At) -> Result<Body, Failure> {
    let title = title(message);
    let mut at = always.clone();
    let text = markdown::for_dingtalk(&call::called(message, &mut at));
    // DingTalk refuses an empty text.
    let text = match text.is_empty() {
        true => markdown::escaped(&title),
        false => text,
    };
    let mentions = mentions(always);
    let json = encode(&title, &format!("{text}{mentions}"), &at)?;
    if json.len() <= LIMIT {
        return Ok(Body { json, note: None });
    }
    // The note is the longest when all is left out.
    let frame = encode(&title, &format!("{}{mentions}", cut_note(text.len())), &at)?.len();
    let Some(room) = LIMIT.checked_sub(frame) else {
        return Err(Failure::misconfigured(
            "at_mobiles and at_user_ids leave no room for a message",
        ));
    };
    let kept = fitting(&text, room).trim_end();
    let left_out = text.len() - kept.len();
    let json = encode(
        &title,
        &format!("{kept}{}{mentions}", cut_note(left_out)),
        &at,
    )?;
    let note = format!("the text was cut to DingTalk's {LIMIT} bytes: {left_out} bytes left out");
    Ok(Body {
        json,
        note: Some(note),
    })
}

fn title(message: &Message) -> String {
    let line = message
        .title
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let line = [line.as_str(), &message.repository]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or("Push Notify")
        .to_owned();
    match line.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Only those whom the text names, too, see their name highlighted.
fn mentions(at: &At) -> String {
    let names: Vec<String> = at
        .mobiles
        .iter()
        .chain(&at.user_ids)
        .map(|name| format!("@{name}"))
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("\n\n{}", names.join(" "))
    }
}

fn cut_note(bytes: usize) -> String {
    format!("\n\n…（内容过长，已省略 {bytes} 字节 / truncated, {bytes} bytes left out）")
}

/// The longest start of `text` that takes at most `room` bytes inside a JSON string.
fn fitting(text: &str, room: usize) -> &str {
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        taken += match c {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            '\0'..='\u{1f}' => 6,
            _ => c.len_utf8(),
        };
        if taken > room {
            return &text[..at];
        }
    }
    text
}

fn encode(title: &str, text: &str, at: &At) -> Result<Vec<u8>, Failure> {
    #[derive(Serialize)]
    struct Request<'a> {
        msgtype: &'static str,
        markdown: Markdown<'a>,
        at: Alert<'a>,
    }
    #[derive(Serialize)]
    struct Markdown<'a> {
        title: &'a str,
        text: &'a str,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Alert<'a> {
        at_mobiles: &'a [String],
        at_user_ids: &'a [String],
        is_at_all: bool,
    }
    let request = Request {
        msgtype: "markdown",
        markdown: Markdown { title, text },
        at: Alert {
            at_mobiles: &at.mobiles,
            at_user_ids: &at.user_ids,
            is_at_all: at.all,
        },
    };
    Ok(serde_json::to_vec(&request)?)
}
