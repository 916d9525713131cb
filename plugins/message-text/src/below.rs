//! What a far side that shows a title shows nowhere else.

use crate::web;
use push_notify_sdk::{Message, card};

const BUTTONS: usize = 3;

/// The text with its fields, and below it where there is more: Markdown.
pub fn with_links(message: &Message) -> String {
    let text = card::text(message);
    let buttons = card::buttons(message, BUTTONS).into_iter();
    let links = buttons
        .filter(|button| web(Some(&button.url)).is_some())
        .map(|button| {
            // Parentheses would end the address.
            let url = button.url.replace('(', "%28").replace(')', "%29");
            format!("[{}]({url})", card::escaped(&button.label))
        });
    let links: Vec<String> = links.collect();
    match links.is_empty() {
        true => text.into_owned(),
        false => format!("{}\n\n{}", text.trim_end(), links.join(" · "))
            .trim_start()
            .to_owned(),
    }
}
