//! A message as a post: the title as a heading, and the text below it.

use message_text::{Unit, cut, dot, first, harmless, line, quiet, title, web};
use push_notify_sdk::{Failure, Message, Severity};
use serde::Serialize;

/// In characters. A text of more than 16383 becomes several posts.
pub(crate) const LIMIT: usize = 16_000;
const TITLE: usize = 200;
const LABEL: usize = 100;
const VALUE: usize = 500;
const MOST_LINKS: usize = 5;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 1000;

/// How messages look.
#[derive(serde::Deserialize)]
pub(crate) struct Look {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    icon_url: String,
}

/// As the API takes it, but for where it goes.
#[derive(Serialize)]
pub(crate) struct Body {
    message: String,
    props: Props,
    #[serde(skip)]
    pub(crate) note: Option<String>,
}

/// Also when there are none: a post that is changed loses those that it had.
#[derive(Serialize)]
struct Props {
    attachments: Vec<Attachment>,
}

#[derive(Serialize)]
struct Post<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    channel: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    username: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    icon_url: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    attachments: &'a [Attachment],
}

/// Beside the text: a coloured bar with fields.
#[derive(Serialize)]
struct Attachment {
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'static str>,
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    title: String,
    value: String,
    short: bool,
}

impl Body {
    /// The request's JSON.
    pub(crate) fn for_webhook(&self, look: &Look) -> Result<Vec<u8>, Failure> {
        let post = Post {
            text: &self.message,
            channel: &look.channel,
            username: &look.username,
            icon_url: &look.icon_url,
            attachments: &self.props.attachments,
        };
        Ok(serde_json::to_vec(&post)?)
    }
}

pub(crate) fn build(message: &Message) -> Body {
    let heading = quiet(&escaped(&title(message, TITLE)));
    let heading = match web(message.url.as_deref()).and_then(address) {
        Some(url) => format!("#### {}[{heading}]({url})\n\n", dot(message)),
        None => format!("#### {}{heading}\n\n", dot(message)),
    };
    let links = links(message);
    let text = quiet(&harmless(&message.body));
    // What stands around the text is bounded.
    let room = LIMIT.saturating_sub(Unit::Chars.of(&heading) + Unit::Chars.of(&links));
    let cut = cut(&text, room, Unit::Chars, &message.locale);
    Body {
        message: format!("{heading}{}{links}", cut.text),
        props: Props {
            attachments: attachments(message),
        },
        note: cut.note(&format!("{LIMIT} characters")),
    }
}

/// Buttons, as a line of links below the text.
fn links(message: &Message) -> String {
    let links = message.links.iter().filter_map(|link| {
        let label = quiet(&escaped(&first(&line(&link.label), LABEL)));
        let url = web(Some(&link.url)).and_then(address)?;
        Some(format!("[{label}]({url})"))
    });
    let links: Vec<String> = links.take(MOST_LINKS).collect();
    match links.is_empty() {
        true => String::new(),
        false => format!("\n\n{}", links.join(" · ")),
    }
}

fn attachments(message: &Message) -> Vec<Attachment> {
    let shown = |text: &str, most| quiet(&escaped(&first(&line(text), most)));
    let fields: Vec<Field> = message
        .fields
        .iter()
        .map(|field| Field {
            title: shown(&field.name, LABEL),
            value: shown(&field.value, VALUE),
            short: field.short,
        })
        .collect();
    match fields.is_empty() {
        true => Vec::new(),
        false => vec![Attachment {
            color: message.severity.map(color),
            fields,
        }],
    }
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "#b71c1c",
        Severity::High => "#e53935",
        Severity::Medium => "#fb8c00",
        Severity::Low => "#fdd835",
        Severity::Info => "#1e88e5",
    }
}

/// An address that ends where a link's target ends.
fn address(url: &str) -> Option<String> {
    (url.len() <= LONGEST_ADDRESS).then(|| {
        let mut out = String::with_capacity(url.len());
        for c in url.chars() {
            match c {
                '(' => out.push_str("%28"),
                ')' => out.push_str("%29"),
                ' ' => out.push_str("%20"),
                c => out.push(c),
            }
        }
        out
    })
}

/// A line of plain text, as Markdown.
fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if "\\`*_[]#<>!~|&:".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
