//! What channels share that put a message's parts into the words of a far side: a title of one
//! line, Markdown as plain text or without what a stranger could smuggle in, and a text cut to what
//! the far side takes. No plugin itself.

mod below;
mod breaks;
mod cut;
mod harmless;
mod plain;
#[cfg(test)]
mod tests;

pub use below::with_links;
pub use breaks::hard_breaks;
pub use cut::{Cut, Unit, cut};
pub use harmless::{harmless, quiet};
pub use plain::{bare, plain};

use push_notify_sdk::{
    Message,
    card::{self, Tone},
};

/// A title of one line with at most `most` characters: the repository's name where there is none.
pub fn title(message: &Message, most: usize) -> String {
    let line = line(&message.title);
    let title = [line.as_str(), &message.repository]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or("Push Notify");
    first(title, most)
}

/// A mark in the colour of the state, to stand before a title; empty where nobody says a state.
pub fn dot(message: &Message) -> String {
    match card::state(message) {
        Some(_) => format!("{} ", Tone::of(message).dot()),
        None => String::new(),
    }
}

/// Words with one blank between them.
pub fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `most` characters, the last of which says whether there were more.
pub fn first(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            let kept: String = text.chars().take(most.saturating_sub(1)).collect();
            format!("{kept}…")
        }
    }
}

/// An address that people may be led to, or none.
pub fn web(url: Option<&str>) -> Option<&str> {
    url.filter(|url| harmless::leads_to(url, &["http://", "https://"]))
}
