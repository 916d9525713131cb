//! The request's JSON. The text is Markdown, which the apps and the web page show.

use message_text::{Unit, cut, hard_breaks, harmless, title, web};
use push_notify_sdk::{Failure, Message, Severity, card};
use serde::Serialize;

/// In bytes: what a column of MySQL holds, and less.
pub(crate) const LIMIT: usize = 60_000;
/// In characters.
const TITLE: usize = 200;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 2000;

pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Push<'a> {
    title: &'a str,
    message: &'a str,
    priority: u8,
    extras: Extras<'a>,
}

#[derive(Serialize)]
struct Extras<'a> {
    #[serde(rename = "client::display")]
    display: Display,
    #[serde(
        rename = "client::notification",
        skip_serializing_if = "Option::is_none"
    )]
    notification: Option<Notification<'a>>,
}

#[derive(Serialize)]
struct Display {
    #[serde(rename = "contentType")]
    content_type: &'static str,
}

#[derive(Serialize)]
struct Notification<'a> {
    click: Click<'a>,
}

#[derive(Serialize)]
struct Click<'a> {
    url: &'a str,
}

pub(crate) fn build(message: &Message, usual: Option<u8>) -> Result<Body, Failure> {
    let title = title(message, TITLE);
    let text = hard_breaks(&harmless(&card::text(message)));
    // Gotify refuses an empty text.
    let text = match text.is_empty() {
        true => &message.repository,
        false => &text,
    };
    let url = web(message.url.as_deref()).filter(|url| url.len() <= LONGEST_ADDRESS);
    let encode = |text: &str| {
        serde_json::to_vec(&Push {
            title: &title,
            message: text,
            priority: priority(message.severity, usual),
            extras: Extras {
                display: Display {
                    content_type: "text/markdown",
                },
                notification: url.map(|url| Notification {
                    click: Click { url },
                }),
            },
        })
    };
    // The frame is bounded: it has a title and an address.
    let room = LIMIT.saturating_sub(encode("")?.len());
    let cut = cut(text, room, Unit::Json, &message.locale);
    Ok(Body {
        json: encode(&cut.text)?,
        note: cut.note(&format!("{LIMIT} bytes")),
    })
}

fn priority(severity: Option<Severity>, usual: Option<u8>) -> u8 {
    match severity {
        Some(Severity::Critical) => 10,
        Some(Severity::High) => 8,
        Some(Severity::Medium) => 5,
        Some(Severity::Low) => 3,
        Some(Severity::Info) => 1,
        None => usual.unwrap_or(5),
    }
}
