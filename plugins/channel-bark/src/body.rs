//! The request's JSON, which the server passes on to Apple with some more around it: [`LIMIT`]
//! leaves room for that.

use message_text::{Unit, bare, cut, first, line, title, web};
use push_notify_sdk::{Failure, Message, Secret, Severity, card};
use serde::Serialize;

/// In bytes.
pub(crate) const LIMIT: usize = 3500;
/// In characters.
const TITLE: usize = 100;
const GROUP: usize = 100;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 1000;

/// How messages look.
#[derive(serde::Deserialize)]
pub(crate) struct Look {
    pub(crate) device_key: Secret,
    #[serde(default)]
    group: String,
    #[serde(default)]
    sound: String,
    /// Critical ones break through silence.
    #[serde(default)]
    critical_alerts: bool,
}

pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Push<'a> {
    device_key: &'a str,
    title: &'a str,
    body: &'a str,
    level: &'static str,
    group: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    sound: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

pub(crate) fn build(message: &Message, look: &Look) -> Result<Body, Failure> {
    let title = title(message, TITLE);
    let text = bare(&card::text(message));
    // An empty one would be shown as "NoContent".
    let text = match text.is_empty() {
        true => &message.repository,
        false => &text,
    };
    let group = match look.group.as_str() {
        "" => first(&line(&message.repository), GROUP),
        group => group.to_owned(),
    };
    let encode = |title: &str, text: &str| {
        serde_json::to_string(&Push {
            device_key: look.device_key.as_ref(),
            title,
            body: text,
            level: level(message.severity, look.critical_alerts),
            group: &group,
            sound: &look.sound,
            url: web(message.url.as_deref()).filter(|url| url.len() <= LONGEST_ADDRESS),
        })
    };
    // The server is written in Go. What escapes of its own take in the frame is counted in full.
    let quotes = Unit::GoJson.of(&title) + Unit::GoJson.of(&group);
    let room = LIMIT.saturating_sub(encode("", "")?.len() + quotes);
    let cut = cut(text, room, Unit::GoJson, &message.locale);
    Ok(Body {
        json: encode(&title, &cut.text)?.into_bytes(),
        note: cut.note("what Apple takes"),
    })
}

fn level(severity: Option<Severity>, critical_alerts: bool) -> &'static str {
    match severity {
        Some(Severity::Critical) if critical_alerts => "critical",
        Some(Severity::Critical | Severity::High) => "timeSensitive",
        Some(Severity::Medium) | None => "active",
        Some(Severity::Low | Severity::Info) => "passive",
    }
}
