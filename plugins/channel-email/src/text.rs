//! The text part, for people who read no HTML: prose without any markup.

use crate::footer;
use message_text::{plain, web};
use push_notify_sdk::{Message, card};

const TITLE: usize = 250;

/// The title and what is to be said of it, where there is more, and behind the mark of a signature
/// (RFC 3676 section 4.3) why one has this mail.
pub(crate) fn part(message: &Message) -> String {
    let text = plain(&card::text(message));
    let links: Vec<String> = card::buttons(message, usize::MAX)
        .into_iter()
        .filter(|button| web(Some(&button.url)).is_some())
        .map(|button| format!("{}: {}", button.label, button.url))
        .collect();
    let title = match begins_with_heading(&message.body) {
        true => String::new(),
        false => card::title(message, TITLE),
    };
    let parts = [title, text, links.join("\n")];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    format!("{}\n\n-- \n{}\n", parts.join("\n\n"), footer::why(message))
}

/// Templates may have a title of their own in the text; no second one is put above it.
pub(crate) fn begins_with_heading(markdown: &str) -> bool {
    let line = markdown.trim_start();
    let marks = line.len() - line.trim_start_matches('#').len();
    (1..=6).contains(&marks) && line[marks..].starts_with([' ', '\t', '\r', '\n'])
}
