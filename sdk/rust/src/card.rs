//! What channels have in common that show a message as a card: a title, a state with its colour,
//! the text with its fields, and one button.

#[cfg(test)]
mod tests;

use crate::{
    Failure, Mentioned, Message, Severity,
    json::part::{self, Part},
};
use std::borrow::Cow;

/// Longest state that is shown, in characters.
const STATE: usize = 40;
const LABEL: usize = 40;
/// Longest text of a far side in a reason, in characters.
const EXCERPT: usize = 300;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Warning,
    Busy,
    Neutral,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub url: String,
}

#[rustfmt::skip] // A line each.
const STATES: [(&str, Tone, &str); 22] = [
    ("opened", Tone::Busy, "已创建"),
    ("open", Tone::Busy, "进行中"),
    ("reopened", Tone::Busy, "已重新打开"),
    ("merged", Tone::Good, "已合并"),
    ("closed", Tone::Neutral, "已关闭"),
    ("approved", Tone::Good, "已通过"),
    ("changes_requested", Tone::Bad, "需要修改"),
    ("published", Tone::Good, "已发布"),
    ("started", Tone::Busy, "已开始"),
    ("running", Tone::Busy, "运行中"),
    ("pending", Tone::Busy, "等待中"),
    ("succeeded", Tone::Good, "成功"),
    ("success", Tone::Good, "成功"),
    ("failed", Tone::Bad, "失败"),
    ("failure", Tone::Bad, "失败"),
    ("error", Tone::Bad, "错误"),
    ("canceled", Tone::Warning, "已取消"),
    ("cancelled", Tone::Warning, "已取消"),
    ("blocked", Tone::Warning, "已阻塞"),
    ("firing", Tone::Bad, "告警中"),
    ("resolved", Tone::Good, "已恢复"),
    ("deleted", Tone::Warning, "已删除"),
];

fn known(state: Option<&str>) -> Option<&'static (&'static str, Tone, &'static str)> {
    let state = state?;
    STATES
        .iter()
        .find(|(name, ..)| name.eq_ignore_ascii_case(state))
}

impl Tone {
    /// By what the subject is now; else by what happened to it; else by how severe it is.
    pub fn of(message: &Message) -> Self {
        let state = known(message.state.as_deref()).or_else(|| known(message.action.as_deref()));
        let by_severity = match message.severity {
            Some(Severity::Critical | Severity::High) => Self::Bad,
            Some(Severity::Medium) => Self::Warning,
            _ => Self::Neutral,
        };
        match state {
            Some((_, Self::Good, _)) => Self::Good,
            Some((_, tone, _)) if by_severity == Self::Neutral => *tone,
            _ => by_severity,
        }
    }

    /// For chats that have no colours.
    pub fn dot(self) -> &'static str {
        match self {
            Self::Good => "🟢",
            Self::Bad => "🔴",
            Self::Warning => "🟡",
            Self::Busy => "🔵",
            Self::Neutral => "⚪",
        }
    }
}

/// What the subject is now, in a word of the reader's language; none where nobody says.
pub fn state(message: &Message) -> Option<String> {
    let state = message.state.as_deref()?.trim();
    let state = match known(Some(state)) {
        Some((_, _, word)) if is_chinese(message) => (*word).to_owned(),
        _ => one_line(&state.replace('_', " "), STATE),
    };
    (!state.is_empty()).then_some(state)
}

/// One line, at most so many characters, and never empty.
pub fn title(message: &Message, most: usize) -> String {
    let titles = [&*message.title, &*message.repository, "Push Notify"];
    let title = titles.into_iter().find(|title| !title.trim().is_empty());
    one_line(title.unwrap_or_default(), most)
}

/// The body, and the fields as lines below it: Markdown.
pub fn text(message: &Message) -> Cow<'_, str> {
    if message.fields.is_empty() {
        return Cow::Borrowed(&message.body);
    }
    let lines = message.fields.iter().map(|field| {
        let [name, value] = [&field.name, &field.value].map(|part| escaped(part));
        format!("**{name}**: {value}")
    });
    let lines: Vec<String> = lines.collect();
    let text = format!("{}\n\n{}", message.body.trim_end(), lines.join("\n"));
    Cow::Owned(text.trim_start().to_owned())
}

/// The message's buttons, the most important first; or one that leads to where there is more.
pub fn buttons(message: &Message, most: usize) -> Vec<Button> {
    let own = message.links.iter().map(|link| Button {
        label: one_line(&link.label, LABEL),
        url: link.url.clone(),
    });
    let more = message.url.iter().map(|url| Button {
        label: String::new(),
        url: url.clone(),
    });
    let mut buttons: Vec<Button> = own.filter(is_sound).collect();
    if buttons.is_empty() {
        buttons.extend(more.filter(is_sound));
    }
    buttons.truncate(most);
    for button in &mut buttons {
        if button.label.is_empty() {
            let label = if is_chinese(message) {
                "查看详情"
            } else {
                "View details"
            };
            button.label = label.to_owned();
        }
    }
    buttons
}

/// How the person at this place is called, where `is_sound` takes the handle: `everyone` or a
/// handle.
pub fn called(message: &Message, place: usize, is_sound: fn(char) -> bool) -> Option<Called<'_>> {
    match &message.mentions.get(place)?.who {
        Mentioned::Everyone => Some(Called::Everyone),
        Mentioned::Handle(handle) => {
            let fits = !handle.is_empty() && handle.len() <= 64 && handle.chars().all(is_sound);
            fits.then_some(Called::Handle(handle))
        }
        Mentioned::Unknown => None,
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Called<'a> {
    Handle(&'a str),
    Everyone,
}

/// What a far side says of an error, for a reason.
pub fn excerpt(words: Part<'_>) -> String {
    part::words(words, EXCERPT).unwrap_or_default()
}

/// What an error of a far side means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Retry,
    Throttled,
    Rejected,
    Misconfigured,
}

impl Class {
    pub fn failure(self, reason: String) -> Failure {
        match self {
            Self::Retry => Failure::retry(reason),
            Self::Throttled => Failure::throttled(reason),
            Self::Rejected => Failure::rejected(reason),
            Self::Misconfigured => Failure::misconfigured(reason),
        }
    }
}

fn is_chinese(message: &Message) -> bool {
    !message.locale.starts_with("en")
}

fn is_sound(button: &Button) -> bool {
    let url = &button.url;
    let leads_out = ["https://", "http://"]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    leads_out && url.len() <= 2000 && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn one_line(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some(_) => {
            let kept: String = line.chars().take(most.saturating_sub(1)).collect();
            format!("{kept}…")
        }
        None => line,
    }
}

/// Plain text as Markdown, on one line.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in one_line(text, 4000).chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
