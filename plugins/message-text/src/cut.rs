//! A text within the room that a far side leaves for it.

/// How much room a far side says that a character takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Bytes inside a JSON string, as `serde_json` writes it.
    Json,
    /// Bytes inside a JSON string, as Go's `encoding/json` writes it.
    GoJson,
    Chars,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// With a visible note at its end when something is missing.
    pub text: String,
    /// Bytes of the text that are missing.
    pub left_out: usize,
}

impl Unit {
    fn of_char(self, c: char) -> usize {
        match self {
            Self::Bytes => c.len_utf8(),
            Self::Chars => 1,
            Self::GoJson if matches!(c, '<' | '>' | '&' | '\u{8}' | '\u{c}') => 6,
            Self::GoJson if matches!(c, '\u{2028}' | '\u{2029}') => 6,
            Self::Json | Self::GoJson => match c {
                '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
                '\0'..='\u{1f}' => 6,
                _ => c.len_utf8(),
            },
        }
    }

    /// The room that `text` takes.
    pub fn of(self, text: &str) -> usize {
        text.chars().map(|c| self.of_char(c)).sum()
    }
}

impl Cut {
    /// What the record of the attempt says, where something is missing. `limit` is the far side's,
    /// in its own words.
    pub fn note(&self, limit: &str) -> Option<String> {
        (self.left_out > 0).then(|| {
            format!(
                "the text was cut to {limit}: {} bytes left out",
                self.left_out
            )
        })
    }
}

/// The longest start of `text` that takes at most `room` together with a note of what is missing,
/// in the language of `locale`.
pub fn cut(text: &str, room: usize, unit: Unit, locale: &str) -> Cut {
    if unit.of(text) <= room {
        return Cut {
            text: text.to_owned(),
            left_out: 0,
        };
    }
    // The note is the longest when all is left out.
    let longest = unit.of(&missing(text.len(), locale));
    let kept = fitting(text, room.saturating_sub(longest), unit).trim_end();
    let left_out = text.len() - kept.len();
    Cut {
        text: format!("{kept}{}", missing(left_out, locale)),
        left_out,
    }
}

fn missing(bytes: usize, locale: &str) -> String {
    match locale.starts_with("zh") {
        true => format!("\n\n…（内容过长，已省略 {bytes} 字节）"),
        false => format!("\n\n… (truncated, {bytes} bytes left out)"),
    }
}

/// The longest start of `text` that takes at most `room`.
fn fitting(text: &str, room: usize, unit: Unit) -> &str {
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        taken += unit.of_char(c);
        if taken > room {
            return &text[..at];
        }
    }
    text
}
