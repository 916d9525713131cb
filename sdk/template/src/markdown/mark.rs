//! Characters that stand for those of strangers.

use std::borrow::Cow;

/// ASCII punctuation, all of it, in the order of the noncharacters U+FDD0 to U+FDEF, of which
/// Unicode has as many. They are for use within a program (Unicode 16, section 23.7) and have no
/// business in a text that comes from outside: there they become U+FFFD.
const PUNCTUATION: &[u8; 32] = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const FIRST: u32 = 0xFDD0;

/// The end of a line.
pub(super) const LINE: char = '\u{1fffe}';
/// White space that a line begins with.
pub(super) const SPACE: char = '\u{1ffff}';
pub(super) const TAB: char = '\u{2fffe}';

/// What `c` stands for. None: it is no mark.
pub(super) fn original(c: char) -> Option<char> {
    match c {
        LINE => Some('\n'),
        SPACE => Some(' '),
        TAB => Some('\t'),
        _ => {
            let index = u32::from(c).checked_sub(FIRST)?;
            let byte = PUNCTUATION.get(usize::try_from(index).ok()?)?;
            Some(char::from(*byte))
        }
    }
}

fn stand_in(c: char) -> Option<char> {
    match c {
        '\n' => return Some(LINE),
        ' ' => return Some(SPACE),
        '\t' => return Some(TAB),
        _ => {}
    }
    let index = PUNCTUATION.iter().position(|byte| char::from(*byte) == c)?;
    char::from_u32(FIRST + u32::try_from(index).ok()?)
}

/// A text as a stranger wrote it, whose marked characters are what it was made of.
pub(crate) fn original_text(text: &str) -> Cow<'_, str> {
    match text.contains(|c| original(c).is_some()) {
        true => Cow::Owned(text.chars().map(|c| original(c).unwrap_or(c)).collect()),
        false => Cow::Borrowed(text),
    }
}

/// A stranger's text without characters that would be taken for marks.
pub(super) fn unmarkable(text: &str) -> String {
    text.replace(|c| original(c).is_some(), "\u{fffd}")
}

/// Whether `c` is white space, marked or not.
pub(crate) fn is_white(c: char) -> bool {
    c.is_whitespace() || matches!(c, LINE | SPACE | TAB)
}

/// Whether `c` ends a line, marked or not.
pub(crate) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | LINE)
}

/// `text` with all marked that could be markup somewhere. None: nothing in it could.
pub(crate) fn marked(text: &str) -> Option<String> {
    marking(text, false)
}

/// As [`marked`], for an address, which may become a link by itself.
pub(super) fn marked_address(text: &str) -> Option<String> {
    marking(text, true)
}

fn marking(text: &str, is_address: bool) -> Option<String> {
    let mut out = String::new();
    // Up to where `out` has the text.
    let mut done = 0;
    let mut line = Line::default();
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let replaced = if original(c).is_some() {
            Some(char::REPLACEMENT_CHARACTER)
        } else if c == '\r' {
            // With its line feed, or alone, it ends a line as well.
            (!rest.starts_with('\n')).then_some(LINE)
        } else {
            let is_markup = line.is_markup(c, rest) && !(is_address && matches!(c, ':' | '.'));
            is_markup.then(|| stand_in(c)).flatten()
        };
        line.pass(c);
        let is_dropped = c == '\r' && replaced.is_none();
        if replaced.is_some() || is_dropped {
            out.push_str(&text[done..at]);
            out.extend(replaced);
            done = at + c.len_utf8();
        }
    }
    (done > 0).then(|| {
        out.push_str(&text[done..]);
        out
    })
}

/// Where in a line of the value the walk is.
#[derive(Default)]
struct Line {
    /// Something but white space was there.
    begun: bool,
    /// Something but digits was there, since then.
    worded: bool,
    /// How many of `www` came last.
    w: u8,
}

impl Line {
    fn is_markup(&self, c: char, rest: &str) -> bool {
        match c {
            '\n' | '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '!' | '<' | '>' | '&' | '#'
            | '|' | '~' => true,
            ' ' | '\t' | '-' | '+' | '=' => !self.begun,
            ':' => !self.begun || rest.starts_with("//"),
            // Of a list's number, of an address that needs no scheme.
            '.' => !self.worded || self.w == 3,
            _ => false,
        }
    }

    fn pass(&mut self, c: char) {
        match c {
            '\n' | '\r' => *self = Self::default(),
            ' ' | '\t' if !self.begun => {}
            _ => {
                self.begun = true;
                self.worded |= !c.is_ascii_digit();
                self.w = match c {
                    'w' | 'W' => (self.w + 1).min(3),
                    _ => 0,
                };
            }
        }
    }
}
