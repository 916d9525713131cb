//! A message as blocks: a header, and beside a bar in the colour of its state the text.

use push_notify_sdk::{
    Message,
    card::{self, Called, Tone},
    markdown::dialect::{self, Limit, SLACK, Unit},
};
use serde::Serialize;

/// Characters of one block of text.
pub(crate) const LIMIT: usize = 3000;
/// Characters of a header.
const TITLE: usize = 150;
const BUTTONS: usize = 3;

#[derive(Serialize)]
pub(crate) struct Body {
    /// For notifications, and for clients that show no blocks.
    text: String,
    blocks: Vec<Block>,
    attachments: [Attachment; 1],
    unfurl_links: bool,
    unfurl_media: bool,
    #[serde(skip)]
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Attachment {
    color: &'static str,
    /// In place of a text that old clients make up.
    fallback: String,
    blocks: Vec<Block>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Header { text: Text },
    Section { text: Text },
    Context { elements: [Text; 1] },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Text {
    PlainText {
        text: String,
        emoji: bool,
    },
    /// Verbatim: names that stand in the text are not looked for.
    Mrkdwn {
        text: String,
        verbatim: bool,
    },
}

pub(crate) fn build(message: &Message) -> Body {
    let title = card::title(message, TITLE);
    let call = |place| person(message, place);
    let page = dialect::render(&card::text(message), &SLACK, &call);
    let note = |left_out| dialect::cut_note(&message.locale, left_out);
    let cut = page.cut(Limit::new(LIMIT, Unit::Chars), &note);
    let fallback = dialect::line(&title, &SLACK).into_text();
    let mut blocks = Vec::new();
    if !cut.text.is_empty() {
        let text = mrkdwn(cut.text);
        blocks.push(Block::Section { text });
    }
    let foot = foot(message);
    if !foot.is_empty() || blocks.is_empty() {
        // Slack refuses an attachment without blocks.
        let text = if foot.is_empty() {
            fallback.clone()
        } else {
            foot
        };
        let elements = [mrkdwn(text)];
        blocks.push(Block::Context { elements });
    }
    Body {
        text: fallback.clone(),
        blocks: vec![Block::Header {
            text: Text::PlainText {
                text: title,
                emoji: false,
            },
        }],
        attachments: [Attachment {
            color: color(Tone::of(message)),
            fallback,
            blocks,
        }],
        unfurl_links: false,
        unfurl_media: false,
        note: dialect::receipt_note("Slack", cut.left_out),
    }
}

/// The state, and links: a button would ask the app for an answer that there is none for.
fn foot(message: &Message) -> String {
    let state = card::state(message).map(|state| {
        let state = dialect::line(&state, &SLACK).into_text();
        format!("{} {state}", Tone::of(message).dot())
    });
    let buttons = card::buttons(message, BUTTONS);
    let links = buttons
        .iter()
        .map(|button| dialect::link(&button.label, &button.url, &SLACK));
    state
        .into_iter()
        .chain(links)
        .collect::<Vec<_>>()
        .join("  ·  ")
}

/// A handle is a member's id, such as `U0123456789`.
fn person(message: &Message, place: usize) -> Option<String> {
    let called = card::called(message, place, |c| c.is_ascii_alphanumeric())?;
    Some(match called {
        Called::Handle(id) => format!("<@{id}>"),
        Called::Everyone => "<!channel>".to_owned(),
    })
}

fn mrkdwn(text: String) -> Text {
    Text::Mrkdwn {
        text,
        verbatim: true,
    }
}

fn color(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "#2eb67d",
        Tone::Bad => "#e01e5a",
        Tone::Warning => "#ecb22e",
        Tone::Busy => "#36c5f0",
        Tone::Neutral => "#8d8d8d",
    }
}
