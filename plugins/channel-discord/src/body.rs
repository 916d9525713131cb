//! A message as an embed with a bar in the colour of its state. Embeds call nobody: who is to be
//! called stands above it.

use push_notify_sdk::{
    Message,
    card::{self, Called, Tone},
    markdown::dialect::{self, DISCORD, Limit, Unit},
};
use serde::Serialize;

/// Of an embed's description, in units of UTF-16: whether Discord counts rarer characters once or
/// twice is not said.
pub(crate) const LIMIT: usize = 4096;
/// Each character may be escaped, and 256 are taken.
const TITLE: usize = 128;
const BUTTONS: usize = 3;
/// People who are called by one message; the names of more of them fill what Discord takes.
const CALLED: usize = 50;

#[derive(Serialize)]
pub(crate) struct Body {
    content: String,
    embeds: [Embed; 1],
    allowed_mentions: Allowed,
    #[serde(skip)]
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Embed {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    description: String,
    color: u32,
}

/// Nobody but these is called, whatever the text says.
#[derive(Serialize)]
struct Allowed {
    parse: Vec<&'static str>,
    users: Vec<String>,
}

pub(crate) fn build(message: &Message) -> Body {
    let tone = Tone::of(message);
    let head = card::state(message).map(|state| {
        let state = dialect::line(&state, &DISCORD).into_text();
        format!("{} **{state}**\n", tone.dot())
    });
    let head = head.unwrap_or_default();
    let buttons = card::buttons(message, BUTTONS);
    let links: Vec<String> = buttons
        .iter()
        .map(|button| dialect::link(&button.label, &button.url, &DISCORD))
        .collect();
    let mut tail = String::new();
    if !links.is_empty() {
        tail = format!("\n\n{}", links.join(" · "));
    }
    // Addresses of the greatest length would leave no room.
    if tail.len() > LIMIT / 2 {
        tail.clear();
    }
    let text = dialect::render(&card::text(message), &DISCORD, &|place| {
        person(message, place)
    });
    let note = |left_out| dialect::cut_note(&message.locale, left_out);
    let taken: usize = [&head, &tail].map(|part| Unit::Utf16.of(part)).iter().sum();
    let cut = text.cut(Limit::new(LIMIT - taken, Unit::Utf16), &note);
    let description = format!("{head}{}{tail}", cut.text);
    let (content, allowed_mentions) = calls(message);
    Body {
        content,
        embeds: [Embed {
            title: dialect::line(&card::title(message, TITLE), &DISCORD).into_text(),
            url: buttons.into_iter().next().map(|button| button.url),
            description: description.trim().to_owned(),
            color: color(tone),
        }],
        allowed_mentions,
        note: dialect::receipt_note("Discord", cut.left_out),
    }
}

/// Who the body calls.
fn calls(message: &Message) -> (String, Allowed) {
    let mut allowed = Allowed {
        parse: Vec::new(),
        users: Vec::new(),
    };
    let mut calls = Vec::new();
    for place in 0..message.mentions.len() {
        if !message.body.contains(&format!("(mention:{place})")) || calls.len() == CALLED {
            continue;
        }
        let Some(person) = person(message, place).filter(|person| !calls.contains(person)) else {
            continue;
        };
        match card::called(message, place, is_id) {
            Some(Called::Handle(id)) => allowed.users.push(id.to_owned()),
            _ => allowed.parse.push("everyone"),
        }
        calls.push(person);
    }
    (calls.join(" "), allowed)
}

/// A handle is a person's number.
fn person(message: &Message, place: usize) -> Option<String> {
    Some(match card::called(message, place, is_id)? {
        Called::Handle(id) => format!("<@{id}>"),
        Called::Everyone => "@everyone".to_owned(),
    })
}

fn is_id(c: char) -> bool {
    c.is_ascii_digit()
}

fn color(tone: Tone) -> u32 {
    match tone {
        Tone::Good => 0x2e_cc_71,
        Tone::Bad => 0xe7_4c_3c,
        Tone::Warning => 0xf1_c4_0f,
        Tone::Busy => 0x34_98_db,
        Tone::Neutral => 0x95_a5_a6,
    }
}
