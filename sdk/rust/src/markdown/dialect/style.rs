//! What a chat has, and how it writes it.

use std::borrow::Cow;

/// A dialect. Where a chat lacks something, its pair is empty.
pub struct Style {
    pub(super) bold: Pair,
    pub(super) italic: Pair,
    pub(super) strike: Pair,
    pub(super) code: Pair,
    /// Whether a text can stand between the marks of code.
    pub(super) code_fits: fn(&str) -> bool,
    /// What opens and closes a block of code in a language, which is empty or a word. None: its
    /// lines are shown as text.
    pub(super) fence: Option<Fence>,
    /// By the level, from 1.
    pub(super) heading: fn(u8) -> Pair,
    pub(super) quote: Quote,
    pub(super) bullet: &'static str,
    /// Before each further line of an item of a list.
    pub(super) indent: &'static str,
    pub(super) rule: &'static str,
    pub(super) has_tables: bool,
    /// What opens and closes a link.
    pub(super) link: fn(&str) -> (String, String),
    /// Whether what is linked can be marked, too.
    pub(super) has_marked_links: bool,
    /// An address that stands in the text.
    pub(super) address: fn(&str) -> String,
    /// Whether marks count only at the edge of a word.
    pub(super) needs_edges: bool,
    pub(super) escape: Escape,
    /// The same between the marks of code.
    pub(super) verbatim: Escape,
}

pub(super) type Pair = (&'static str, &'static str);

pub(super) type Fence = fn(&str) -> (String, &'static str);

/// What is written for a character of the text. None: itself.
pub(super) type Escape = fn(char, &Around<'_>) -> Option<Cow<'static, str>>;

pub(super) enum Quote {
    /// Before each line.
    Before(&'static str),
    Around(&'static str, &'static str),
}

/// Where a character stands.
pub(super) struct Around<'a> {
    pub(super) before: Option<char>,
    /// What comes behind it.
    pub(super) rest: &'a str,
    /// There is nothing but white space before it in its line.
    pub(super) starts_line: bool,
}

impl Around<'_> {
    pub(super) fn after(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn is_in_word(&self) -> bool {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        is_word(self.before) && is_word(self.after())
    }

    pub(super) fn is_apart(&self) -> bool {
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        is_blank(self.before) && is_blank(self.after())
    }

    pub(super) fn could_end_heading(&self) -> bool {
        self.after().is_none_or(|c| c == '#' || c.is_whitespace())
    }

    /// Behind a number, where it could make it the marker of an item.
    pub(super) fn could_number(&self) -> bool {
        self.before.is_some_and(|c| c.is_ascii_digit())
            && self.after().is_none_or(char::is_whitespace)
    }
}

/// A character that nobody sees, between two that would mean something together.
pub(super) const APART: &str = "\u{200b}";

pub(super) fn backslash(c: char) -> Option<Cow<'static, str>> {
    Some(Cow::Owned(format!("\\{c}")))
}

/// `&`, `<` and `>` as HTML has them.
pub(super) fn entity(c: char) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => return None,
    }))
}

/// Backticks in code, of which two would end it.
pub(super) fn apart_backticks(c: char, around: &Around<'_>) -> Option<Cow<'static, str>> {
    (c == '`' && around.before == Some('`')).then_some(Cow::Borrowed("\u{200b}`"))
}

pub(super) fn has_no_backtick(code: &str) -> bool {
    !code.contains('`')
}

/// `[` and `](address)`, of which no character ends the address early.
pub(super) fn markdown_link(address: &str) -> (String, String) {
    let escaped = percent_encoded(address, &['(', ')', '<', '>', '\\', '*', '|', '[', ']']);
    ("[".to_owned(), format!("]({escaped})"))
}

/// A link whose text is its address.
pub(super) fn labelled(address: &str, escape: Escape) -> String {
    let (open, close) = markdown_link(address);
    let around = Around {
        before: Some('a'),
        rest: "",
        starts_line: false,
    };
    let mut out = open;
    for c in address.chars() {
        match escape(c, &around) {
            Some(escaped) => out.push_str(&escaped),
            None => out.push(c),
        }
    }
    out + &close
}

/// White space, quotes and the characters of a dialect, none of which an address needs.
pub(super) fn percent_encoded(address: &str, marks: &[char]) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        let risky = c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '`');
        if !risky && !marks.contains(&c) {
            out.push(c);
            continue;
        }
        let mut buffer = [0; 4];
        for byte in c.encode_utf8(&mut buffer).bytes() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
