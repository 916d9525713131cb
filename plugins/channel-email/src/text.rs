//! The text part: the message's Markdown, which reads well as it is but for the escapes that keep foreign text from being markup.

/// Backslash escapes (CommonMark section 2.4) as the characters that they stand for.
pub(crate) fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut characters = markdown.chars().peekable();
    while let Some(c) = characters.next() {
        let escape = c == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation);
        text.push(if escape {
            characters.next().unwrap_or(c)
        } else {
            c
        });
    }
    text
}
