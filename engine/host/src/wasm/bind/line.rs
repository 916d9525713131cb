//! Values that are shown on one line: names, titles, paths, addresses.

#[cfg(test)]
mod tests;

/// Without what would break the line, or disguise what is on it.
pub(super) fn one_line(text: String) -> String {
    // Nearly all are; and looking at bytes without a branch is many times faster than looking at
    // characters.
    let is_plain = |plain, byte| plain & (b' '..=b'~').contains(&byte);
    if text.bytes().fold(true, is_plain) || !text.contains(breaks_a_line) {
        return text;
    }
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if !breaks_a_line(c) {
            line.push(c);
        } else if c.is_whitespace() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line.trim().to_owned()
}

/// Control characters, separators of lines and paragraphs, and what turns the direction of the text
/// around it.
fn breaks_a_line(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
