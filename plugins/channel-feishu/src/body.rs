//! A message as a card, JSON 2.0. What is not a property of it makes Feishu refuse the whole card.

use crate::{At, sign::Proof};
use push_notify_sdk::{
    Failure, Message,
    card::{self, Called, Tone},
    markdown::dialect::{self, FEISHU, Limit, Unit},
};
use serde::Serialize;

pub(crate) const LIMIT: usize = 19_500;
/// Of a card as a text in a request of 30 KB.
const APP_LIMIT: usize = 29_000;
pub(crate) const INTERACTIVE: &str = "interactive";
const TITLE: usize = 200;
const BUTTONS: usize = 3;

pub(crate) struct Body {
    pub(crate) json: Vec<u8>,
    pub(crate) note: Option<String>,
}

/// What a group bot is sent.
#[derive(Serialize)]
struct HookRequest<'a> {
    #[serde(flatten)]
    proof: &'a Option<Proof>,
    msg_type: &'static str,
    card: &'a Card,
}

/// The text is cut as far as the limit demands.
pub(crate) fn for_bot(message: &Message, at: &At, proof: Option<Proof>) -> Result<Body, Failure> {
    build(message, at, LIMIT, |card| {
        serde_json::to_vec(&HookRequest {
            proof: &proof,
            msg_type: INTERACTIVE,
            card,
        })
    })
}

/// The card alone, for an app: it goes into the request as a text, where its quotes take twice as
/// much room.
pub(crate) fn for_app(message: &Message, at: &At) -> Result<Body, Failure> {
    let mut limit = LIMIT;
    loop {
        let card = build(message, at, limit, serde_json::to_vec)?;
        let quoted = card
            .json
            .iter()
            .filter(|byte| matches!(byte, b'"' | b'\\'))
            .count();
        if card.json.len() + quoted <= APP_LIMIT {
            return Ok(card);
        }
        limit = limit * 3 / 4;
    }
}

fn build(
    message: &Message,
    at: &At,
    limit: usize,
    encode: impl Fn(&Card) -> serde_json::Result<Vec<u8>>,
) -> Result<Body, Failure> {
    let title = card::title(message, TITLE);
    let mut text = dialect::render(&card::text(message), &FEISHU, &|place| {
        person(message, place)
    });
    if text.is_empty() {
        // Feishu refuses an empty text.
        text = dialect::line(&title, &FEISHU);
    }
    let mut card = Card {
        schema: "2.0",
        header: header(message, title),
        body: Elements {
            elements: vec![Element::Markdown {
                content: String::new(),
            }],
        },
    };
    let elements = &mut card.body.elements;
    elements.extend(alerts(at).map(|content| Element::Markdown { content }));
    elements.extend(buttons(message));
    let room = limit.saturating_sub(encode(&card)?.len());
    if room < limit / 4 {
        return Err(Failure::misconfigured(
            "at_user_ids leaves no room for a message",
        ));
    }
    let note = |left_out| dialect::cut_note(&message.locale, left_out);
    let cut = text.cut(Limit::new(room, Unit::JsonBytes), &note);
    card.body.elements[0] = Element::Markdown { content: cut.text };
    Ok(Body {
        json: encode(&card)?,
        note: dialect::receipt_note("Feishu", cut.left_out),
    })
}

#[derive(Serialize)]
struct Card {
    schema: &'static str,
    header: Header,
    body: Elements,
}

#[derive(Serialize)]
struct Header {
    title: Text,
    /// The colour.
    template: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    text_tag_list: Vec<Tag>,
}

#[derive(Serialize)]
struct Tag {
    tag: &'static str,
    text: Text,
    color: &'static str,
}

#[derive(Serialize)]
struct Text {
    tag: &'static str,
    content: String,
}

#[derive(Serialize)]
struct Elements {
    elements: Vec<Element>,
}

#[derive(Serialize)]
#[serde(tag = "tag", rename_all = "snake_case")]
enum Element {
    Markdown {
        content: String,
    },
    Button {
        text: Text,
        r#type: &'static str,
        behaviors: [Behavior; 1],
    },
}

#[derive(Serialize)]
struct Behavior {
    r#type: &'static str,
    default_url: String,
}

fn header(message: &Message, title: String) -> Header {
    let color = color(Tone::of(message));
    let tag = card::state(message).map(|state| Tag {
        tag: "text_tag",
        text: plain(state),
        color: if color == "grey" { "neutral" } else { color },
    });
    Header {
        title: plain(title),
        template: color,
        text_tag_list: tag.into_iter().collect(),
    }
}

fn buttons(message: &Message) -> impl Iterator<Item = Element> {
    let types = ["primary", "default", "default"];
    let buttons = card::buttons(message, BUTTONS).into_iter();
    buttons.zip(types).map(|(button, r#type)| Element::Button {
        text: plain(button.label),
        r#type,
        behaviors: [Behavior {
            r#type: "open_url",
            default_url: button.url,
        }],
    })
}

/// The configured people.
fn alerts(at: &At) -> Option<String> {
    let ids = at.user_ids.iter().map(|id| id.trim());
    let ids = ids.filter(|id| !id.is_empty() && id.chars().all(is_id));
    let all = at.all.then_some("all");
    let alerts: Vec<String> = ids.chain(all).map(call).collect();
    (!alerts.is_empty()).then(|| alerts.join(" "))
}

/// A handle is an open id, such as `ou_...`.
fn person(message: &Message, place: usize) -> Option<String> {
    Some(match card::called(message, place, is_id)? {
        Called::Handle(id) => call(id),
        Called::Everyone => call("all"),
    })
}

fn call(id: &str) -> String {
    format!("<at id={id}></at>")
}

fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn plain(content: String) -> Text {
    Text {
        tag: "plain_text",
        content,
    }
}

fn color(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "green",
        Tone::Bad => "red",
        Tone::Warning => "orange",
        Tone::Busy => "blue",
        Tone::Neutral => "grey",
    }
}
