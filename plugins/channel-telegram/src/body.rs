//! A message as one text with buttons below it.

use push_notify_sdk::{
    Message,
    card::{self, Called, Tone},
    markdown::dialect::{self, Limit, PLAIN, Style, TELEGRAM, Unit},
};
use serde::Serialize;

/// What is shown of a text, in units of UTF-16.
pub(crate) const LIMIT: usize = 4096;
const TITLE: usize = 200;
const BUTTONS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Html,
    /// For what Telegram does not take otherwise: without markup and buttons.
    Plain,
}

#[derive(Serialize)]
pub(crate) struct Body {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parse_mode: Option<&'static str>,
    link_preview_options: Preview,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<Keyboard>,
    #[serde(skip)]
    pub(crate) note: Option<String>,
}

#[derive(Serialize)]
struct Preview {
    is_disabled: bool,
}

#[derive(Serialize)]
struct Keyboard {
    inline_keyboard: [Vec<Button>; 1],
}

#[derive(Serialize)]
struct Button {
    text: String,
    url: String,
}

pub(crate) fn build(message: &Message, form: Form) -> Body {
    let style: &'static Style = match form {
        Form::Html => &TELEGRAM,
        Form::Plain => &PLAIN,
    };
    let title = card::title(message, TITLE);
    let state = card::state(message).map(|state| {
        let state = dialect::line(&state, style).into_text();
        format!("\n{} {state}", Tone::of(message).dot())
    });
    let state = state.unwrap_or_default();
    let buttons = card::buttons(message, BUTTONS);
    let tail = match form {
        Form::Html => String::new(),
        Form::Plain => buttons
            .iter()
            .map(|button| format!("\n\n{}: {}", button.label, button.url))
            .collect(),
    };
    let taken: usize = [&title, &state, &tail]
        .into_iter()
        .map(|part| Unit::Utf16.of(part))
        .sum();
    let text = dialect::render(&card::text(message), style, &|place| match form {
        Form::Html => person(message, place),
        Form::Plain => None,
    });
    let note = |left_out| dialect::cut_note(&message.locale, left_out);
    let room = LIMIT.saturating_sub(taken + 1);
    let cut = text.cut(Limit::of_what_is_shown(room, Unit::Utf16), &note);
    let title = dialect::line(&title, style).into_text();
    let title = match form {
        Form::Html => format!("<b>{title}</b>"),
        Form::Plain => title,
    };
    let text = format!("{title}{state}\n{}", cut.text);
    Body {
        text: format!("{}{tail}", text.trim_end()),
        parse_mode: (form == Form::Html).then_some("HTML"),
        link_preview_options: Preview { is_disabled: true },
        reply_markup: (form == Form::Html && !buttons.is_empty()).then(|| keyboard(buttons)),
        note: dialect::receipt_note("Telegram", cut.left_out),
    }
}

fn keyboard(buttons: Vec<card::Button>) -> Keyboard {
    let buttons = buttons.into_iter().map(|button| Button {
        text: button.label,
        url: button.url,
    });
    Keyboard {
        inline_keyboard: [buttons.collect()],
    }
}

/// A handle is the number of a person, or a name such as `@mei`. Nobody can call all.
fn person(message: &Message, place: usize) -> Option<String> {
    let is_sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@');
    let Called::Handle(handle) = card::called(message, place, is_sound)? else {
        return None;
    };
    let handle = handle.trim_start_matches('@');
    if !handle.chars().all(|c| c.is_ascii_digit()) {
        return Some(format!("@{}", handle.replace('@', "")));
    }
    let name = dialect::line(&message.mentions[place].name, &TELEGRAM).into_text();
    Some(format!("<a href=\"tg://user?id={handle}\">{name}</a>"))
}
