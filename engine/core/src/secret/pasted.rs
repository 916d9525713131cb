//! What comes along when a secret is copied from a page, a mail or a terminal.

use crate::i18n::Text;

/// A secret with these would be another one: in a header they are lost, in a signature they count.
pub const BLANKS_AROUND: Text = Text::new(
    "首尾有空白或不可见字符，请去掉",
    "begins or ends with a blank or an invisible character: take that out",
);

/// Whether it begins or ends with what nobody sees.
pub fn has_blanks_around(secret: &str) -> bool {
    secret.starts_with(is_blank) || secret.ends_with(is_blank)
}

fn is_blank(letter: char) -> bool {
    // Zero-width spaces, joiners and marks, and the byte order mark.
    let is_invisible =
        matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    letter.is_whitespace() || letter.is_control() || is_invisible
}

#[cfg(test)]
mod tests;
