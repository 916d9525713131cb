//! The request's JSON. A text above [`LIMIT`] would become a file, and JSON above [`JSON_LIMIT`] is
//! refused.

use message_text::{Unit, bare, cut, first, hard_breaks, harmless, line, title, web};
use push_notify_sdk::{Failure, Message, Secret, Severity, card};
use serde::Serialize;

/// In bytes.
pub(crate) const LIMIT: usize = 4096;
pub(crate) const JSON_LIMIT: usize = 2 * LIMIT;
/// In characters.
const TITLE: usize = 200;
const LABEL: usize = 40;
/// Buttons of a message.
const MOST_ACTIONS: usize = 3;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 1000;

/// How messages look.
#[derive(serde::Deserialize)]
pub(crate) struct Look {
    pub(crate) topic: Secret,
    #[serde(default)]
    priority: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    markdown: bool,
}

pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Publish<'a> {
    topic: &'a str,
    /// The message that this one takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence_id: Option<&'a str>,
    title: &'a str,
    message: &'a str,
    priority: u8,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    click: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Action<'a>>,
    markdown: bool,
}

#[derive(Serialize)]
struct Action<'a> {
    action: &'static str,
    label: String,
    url: &'a str,
}

pub(crate) fn build(
    message: &Message,
    look: &Look,
    sequence_id: Option<&str>,
) -> Result<Body, Failure> {
    let title = title(message, TITLE);
    let text = match look.markdown {
        true => hard_breaks(&harmless(&card::text(message))),
        false => bare(&card::text(message)),
    };
    // An empty one would be shown as "triggered".
    let text = match text.is_empty() {
        true => &message.repository,
        false => &text,
    };
    let encode = |text: &str| {
        serde_json::to_vec(&Publish {
            topic: look.topic.as_ref(),
            sequence_id,
            title: &title,
            message: text,
            priority: priority(message.severity, look.priority),
            tags: &look.tags,
            click: address(message.url.as_deref()),
            actions: actions(message),
            markdown: look.markdown,
        })
    };
    let limit = format!("ntfy's {LIMIT} bytes");
    let whole = cut(text, LIMIT, Unit::Bytes, &message.locale);
    let json = encode(&whole.text)?;
    if json.len() <= JSON_LIMIT {
        let note = whole.note(&limit);
        return Ok(Body { json, note });
    }
    // Escapes take so much room that the text has to be shorter.
    let frame = encode("")?.len();
    let Some(room) = JSON_LIMIT.checked_sub(frame) else {
        return Err(Failure::misconfigured("tags leave no room for a message"));
    };
    let cut = cut(text, room.min(LIMIT), Unit::Json, &message.locale);
    Ok(Body {
        json: encode(&cut.text)?,
        note: cut.note(&limit),
    })
}

fn priority(severity: Option<Severity>, usual: Option<u8>) -> u8 {
    match severity {
        Some(Severity::Critical) => 5,
        Some(Severity::High) => 4,
        Some(Severity::Medium) => 3,
        Some(Severity::Low | Severity::Info) => 2,
        None => usual.unwrap_or(3),
    }
}

fn actions(message: &Message) -> Vec<Action<'_>> {
    let actions = message.links.iter().filter_map(|link| {
        Some(Action {
            action: "view",
            label: first(&line(&link.label), LABEL),
            url: address(Some(&link.url))?,
        })
    });
    actions
        .filter(|action| !action.label.is_empty())
        .take(MOST_ACTIONS)
        .collect()
}

fn address(url: Option<&str>) -> Option<&str> {
    web(url).filter(|url| url.len() <= LONGEST_ADDRESS)
}
