//! Strings, also where their quotes are of the wrong kind or stand unescaped within them.

use super::reader::{Reader, trimmed};

/// Longest name of a member that is looked for where a string ought to have ended, in bytes.
const LONGEST_NAME: usize = 64;

/// Where a string stands, which says what may follow it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Name,
    Member,
    Entry,
}

pub(super) struct Text {
    pub text: String,
    /// It has its closing quote.
    pub is_closed: bool,
}

pub(super) fn is_quote(c: char) -> bool {
    closing(c).is_some()
}

/// What closes a string that `open` opens.
fn closing(open: char) -> Option<&'static [char]> {
    Some(match open {
        '"' => &['"'],
        '\'' => &['\''],
        '`' => &['`'],
        '＂' => &['＂'],
        '“' | '”' | '„' => &['“', '”'],
        '‘' | '’' => &['‘', '’'],
        _ => return None,
    })
}

impl Reader<'_> {
    /// The string that begins here. A quote that nothing follows which may follow a string is a
    /// part of it.
    pub(super) fn string(&mut self, place: Place) -> Text {
        let closing = self.next().and_then(closing).unwrap_or(&['"']);
        let mut text = String::new();
        loop {
            let start = self.at;
            let Some(c) = self.next() else {
                self.doubt();
                let is_closed = false;
                return Text { text, is_closed };
            };
            match c {
                '\\' => self.escape(&mut text),
                c if closing.contains(&c) => {
                    if self.is_strict || self.closes(place) {
                        break;
                    }
                    self.doubt();
                    let before = text.trim_end();
                    if before.ends_with(',') && is_member(&self.text[start..]) {
                        // The closing quote is missing, and this is the next member.
                        text.truncate(before.len() - 1);
                        self.at = start;
                        break;
                    }
                    text.push(c);
                }
                // Also line feeds and tabs, which ought to be escaped.
                c => text.push(c),
            }
        }
        let is_closed = true;
        Text { text, is_closed }
    }

    /// What follows a backslash.
    fn escape(&mut self, text: &mut String) {
        let Some(c) = self.next() else {
            return;
        };
        let meant = match c {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '"' | '\'' | '`' | '/' | '\\' | '\n' => c,
            'u' => match self.unicode() {
                Some(c) => c,
                None => {
                    text.push_str("\\u");
                    return;
                }
            },
            // As in `\d` or `C:\work`.
            c => {
                text.push('\\');
                c
            }
        };
        text.push(meant);
    }

    /// What stands after `\u`. Half of a pair is U+FFFD.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex(0)?;
        self.at += 4;
        if !(0xd800..0xdc00).contains(&first) {
            return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let second = self
            .rest()
            .starts_with("\\u")
            .then(|| self.hex(2))
            .flatten()
            .filter(|second| (0xdc00..0xe000).contains(second));
        let Some(second) = second else {
            return Some(char::REPLACEMENT_CHARACTER);
        };
        self.at += 6;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    /// Four digits, so far from here.
    fn hex(&self, after: usize) -> Option<u32> {
        let digits = self.rest().get(after..after + 4)?;
        let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        are_digits
            .then(|| u32::from_str_radix(digits, 16).ok())
            .flatten()
    }

    /// Whether the quote that was just read can be the end of its string.
    fn closes(&self, place: Place) -> bool {
        let rest = trimmed(self.rest());
        let mut letters = rest.chars();
        let Some(next) = letters.next() else {
            return true;
        };
        let after = trimmed(letters.as_str());
        match (place, next) {
            (Place::Name, ':') => true,
            (Place::Name, '=') => after.starts_with('>'),
            (Place::Name, _) => false,
            (_, '/') => after.starts_with(['/', '*']),
            // A string in two pieces.
            (_, '+') => after.starts_with(is_quote),
            // After the last brace of all there may be prose.
            (_, '}') if self.depth == 1 => !after.starts_with(is_quote),
            (_, '}' | ']') => after.is_empty() || after.starts_with([',', '}', ']', '`']),
            (Place::Member, ',') => {
                after.is_empty()
                    || after.starts_with(['}', ',', '/', '#'])
                    || is_member(after)
                    || is_bare_member(after)
            }
            (Place::Entry, ',') => {
                after.is_empty()
                    || after.starts_with(is_quote)
                    || after.starts_with(['{', '[', ']', ',', '/', '#', '-'])
                    || after.starts_with(|c: char| c.is_ascii_digit())
                    || after.starts_with("null")
            }
            // A comma is missing.
            (Place::Member, c) if is_quote(c) => is_member(rest),
            _ => false,
        }
    }
}

/// Whether a quoted name and a colon stand here.
pub(super) fn is_member(text: &str) -> bool {
    let mut letters = text.char_indices();
    let Some(closing) = letters.next().and_then(|(_, c)| closing(c)) else {
        return false;
    };
    for (at, c) in letters {
        if closing.contains(&c) {
            // Also where the quote stands twice.
            let after = text[at + c.len_utf8()..].trim_start_matches(is_quote);
            return at > 1 && trimmed(after).starts_with(':');
        }
        let is_name = c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '/' | '$' | '@');
        if at > LONGEST_NAME || !is_name {
            return false;
        }
    }
    false
}

/// Whether a name without quotes and a colon stand here.
fn is_bare_member(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    (1..=LONGEST_NAME).contains(&end) && text[end..].trim_start().starts_with(':')
}
