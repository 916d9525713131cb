//! The request's JSON: one Adaptive Card. A broken one is not refused but lost, so nothing goes in
//! that has not the form that Teams wants.

use crate::markdown;
use message_text::{Unit, cut, first, line, title, web};
use push_notify_sdk::{Failure, Message, card::Tone};
use serde::Serialize;

/// In bytes, of all that is sent: 28 KB are taken.
pub(crate) const LIMIT: usize = 28_000;
/// In characters.
const TITLE: usize = 200;
const LABEL: usize = 40;
const VALUE: usize = 200;
const MOST_FACTS: usize = 10;
/// More than six would not be shown.
const MOST_ACTIONS: usize = 6;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 1000;

pub(crate) struct Card {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    r#type: &'static str,
    attachments: [Attachment<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment<'a> {
    content_type: &'static str,
    content_url: Option<&'static str>,
    content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    r#type: &'static str,
    version: &'static str,
    body: Vec<Element<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Action<'a>>,
    msteams: Width,
}

#[derive(Serialize)]
struct Width {
    width: &'static str,
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Element<'a> {
    /// What it says is no Markdown.
    RichTextBlock {
        inlines: [Run<'a>; 1],
    },
    TextBlock {
        text: &'a str,
        wrap: bool,
    },
    FactSet {
        facts: Vec<Fact>,
    },
}

#[derive(Serialize)]
struct Run<'a> {
    r#type: &'static str,
    text: &'a str,
    size: &'static str,
    weight: &'static str,
    color: &'static str,
}

#[derive(Serialize)]
struct Fact {
    title: String,
    value: String,
}

#[derive(Serialize)]
struct Action<'a> {
    r#type: &'static str,
    title: String,
    url: &'a str,
}

pub(crate) fn build(message: &Message) -> Result<Card, Failure> {
    let title = title(message, TITLE);
    let text = markdown::for_cards(&message.body);
    let encode = |text: &str| serde_json::to_vec(&request(message, &title, text));
    // The frame is bounded: its parts have a greatest number and length.
    let room = LIMIT.saturating_sub(encode("-")?.len());
    let cut = cut(&text, room, Unit::Json, &message.locale);
    Ok(Card {
        json: encode(&cut.text)?,
        note: cut.note(&format!("Teams's {LIMIT} bytes")),
    })
}

fn request<'a>(message: &'a Message, title: &'a str, text: &'a str) -> Request<'a> {
    let mut body = vec![Element::RichTextBlock {
        inlines: [Run {
            r#type: "TextRun",
            text: title,
            size: "medium",
            weight: "bolder",
            color: color(message),
        }],
    }];
    // A block without a text makes a card broken.
    if !text.is_empty() {
        body.push(Element::TextBlock { text, wrap: true });
    }
    let facts = facts(message);
    if !facts.is_empty() {
        body.push(Element::FactSet { facts });
    }
    Request {
        r#type: "message",
        attachments: [Attachment {
            content_type: "application/vnd.microsoft.card.adaptive",
            content_url: None,
            content: Content {
                schema: "http://adaptivecards.io/schemas/adaptive-card.json",
                r#type: "AdaptiveCard",
                version: "1.4",
                body,
                actions: actions(message),
                msteams: Width { width: "Full" },
            },
        }],
    }
}

fn color(message: &Message) -> &'static str {
    match Tone::of(message) {
        Tone::Good => "good",
        Tone::Bad => "attention",
        Tone::Warning => "warning",
        Tone::Busy => "accent",
        Tone::Neutral => "default",
    }
}

fn facts(message: &Message) -> Vec<Fact> {
    let facts = message.fields.iter().map(|field| Fact {
        title: first(&line(&field.name), LABEL),
        value: first(&line(&field.value), VALUE),
    });
    facts
        .filter(|fact| !fact.title.is_empty() && !fact.value.is_empty())
        .take(MOST_FACTS)
        .collect()
}

fn actions(message: &Message) -> Vec<Action<'_>> {
    let details = match message.locale.starts_with("zh") {
        true => "查看详情",
        false => "View details",
    };
    let page = message.url.as_deref().map(|url| (details, url));
    let links = message.links.iter();
    let links = links.map(|link| (link.label.as_str(), link.url.as_str()));
    let actions = page.into_iter().chain(links).filter_map(|(label, url)| {
        let url = web(Some(url)).filter(|url| url.len() <= LONGEST_ADDRESS)?;
        let title = first(&line(label), LABEL);
        (!title.is_empty()).then_some(Action {
            r#type: "Action.OpenUrl",
            title,
            url,
        })
    });
    actions.take(MOST_ACTIONS).collect()
}
