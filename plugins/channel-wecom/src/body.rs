//! A message as one text: title, state, body, whom it alerts, and a link.

use crate::{At, Format};
use push_notify_sdk::{
    Failure, Message,
    card::{self, Called, Tone},
    markdown::dialect::{self, Limit, Style, Unit, WECOM, WECOM_V2},
};
use serde_json::{Value, json};

/// Bytes of the text; some fewer than WeCom says that it takes.
pub(crate) const LIMIT: usize = 4000;
const TITLE: usize = 100;

pub(crate) struct Body {
    pub(crate) request: Value,
    pub(crate) note: Option<String>,
}

/// The text is cut as far as the limit demands.
pub(crate) fn build(message: &Message, format: Format, at: &At) -> Result<Body, Failure> {
    let alerts = alerts(at);
    let calls = !alerts.is_empty()
        || (0..message.mentions.len()).any(|place| person(message, place).is_some());
    // In the second kind of Markdown nobody can be called.
    let (kind, style): (_, &'static Style) = match format {
        Format::MarkdownV2 if !calls => ("markdown_v2", &WECOM_V2),
        _ => ("markdown", &WECOM),
    };
    let head = head(message, kind, style);
    let link = card::buttons(message, 1).pop();
    let link = link.map(|button| dialect::link(&button.label, &button.url, style));
    let tail: Vec<String> = [Some(alerts), link]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .map(|part| format!("\n\n{part}"))
        .collect();
    let tail = tail.concat();
    let room = LIMIT.saturating_sub(head.len() + tail.len() + 1);
    if room < LIMIT / 4 {
        return Err(Failure::misconfigured(
            "at_user_ids leaves no room for a message",
        ));
    }
    let text = dialect::render(&card::text(message), style, &|place| person(message, place));
    let note = |left_out| dialect::cut_note(&message.locale, left_out);
    let cut = text.cut(Limit::new(room, Unit::Bytes), &note);
    let content = format!("{head}\n{}{tail}", cut.text);
    Ok(Body {
        request: json!({"msgtype": kind, kind: {"content": content.trim_end()}}),
        note: dialect::receipt_note("WeCom", cut.left_out),
    })
}

fn head(message: &Message, kind: &str, style: &'static Style) -> String {
    let title = dialect::line(&card::title(message, TITLE), style).into_text();
    let tone = Tone::of(message);
    match card::state(message) {
        Some(state) => {
            let state = dialect::line(&state, style).into_text();
            let state = match kind {
                "markdown" => format!("<font color=\"{}\">{state}</font>", color(tone)),
                _ => format!("{} {state}", tone.dot()),
            };
            format!("### {title}\n{state}")
        }
        None => format!("### {title}"),
    }
}

/// The configured people.
fn alerts(at: &At) -> String {
    let ids = at.user_ids.iter().map(|id| id.trim());
    let ids = ids.filter(|id| !id.is_empty() && id.chars().all(is_id));
    let all = at.all.then_some("all");
    let alerts: Vec<String> = ids.chain(all).map(|id| format!("<@{id}>")).collect();
    alerts.join(" ")
}

/// A handle is a user id of the company's.
fn person(message: &Message, place: usize) -> Option<String> {
    Some(match card::called(message, place, is_id)? {
        Called::Handle(id) => format!("<@{id}>"),
        Called::Everyone => "<@all>".to_owned(),
    })
}

fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@')
}

/// There are three colours: green, orange and grey.
fn color(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "info",
        Tone::Bad | Tone::Warning => "warning",
        Tone::Busy | Tone::Neutral => "comment",
    }
}
