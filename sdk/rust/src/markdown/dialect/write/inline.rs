//! Text, and what marks it within a line.

use super::{APART, Around, Link, Writer};
use crate::markdown::dialect::style::Pair;

impl Writer<'_> {
    /// Writes the text that waits.
    pub(super) fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.is_empty() {
            return;
        }
        self.begin();
        let mut before = self.page.text().chars().next_back();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at + c.len_utf8()..];
            let address = match c {
                'h' | 'H' if !before.is_some_and(char::is_alphanumeric) => address(&text[at..]),
                _ => None,
            };
            if let Some(address) = address.filter(|_| self.links.is_empty()) {
                self.keep_edge(c);
                let written = (self.style.address)(address);
                self.page.push_whole(&written, address.chars().count());
                self.starts_line = false;
                at += address.len();
                before = address.chars().next_back();
                continue;
            }
            self.push_char(c, before, rest);
            at += c.len_utf8();
            before = Some(c);
        }
    }

    fn push_char(&mut self, c: char, before: Option<char>, rest: &str) {
        if c == '\n' {
            match self.links.is_empty() && self.table.is_none() {
                true => self.break_line(),
                false => self.page.push(' '),
            }
            return;
        }
        self.keep_edge(c);
        let around = Around {
            before,
            rest,
            starts_line: self.starts_line,
        };
        match (self.style.escape)(c, &around) {
            Some(escaped) => self.page.push_whole(&escaped, 1),
            None => self.page.push(c),
        }
        self.starts_line &= c.is_whitespace();
    }

    /// Behind a mark that counts at the edge of a word only.
    fn keep_edge(&mut self, next: char) {
        if std::mem::take(&mut self.closed) && next.is_alphanumeric() {
            self.page.push_whole(APART, 0);
        }
    }

    /// Opens what is not open yet.
    pub(super) fn mark(&mut self, pair: Pair, is_new: bool) {
        let has_room = self.links.is_empty() || self.style.has_marked_links;
        let opens = is_new && has_room && pair != ("", "");
        self.spans.push(opens);
        if !opens {
            return;
        }
        self.begin();
        let before = self.page.text().chars().next_back();
        if self.style.needs_edges && before.is_some_and(char::is_alphanumeric) {
            self.page.push_whole(APART, 0);
        }
        self.page.open(pair.0, pair.1);
        self.closed = false;
    }

    pub(super) fn unmark(&mut self) {
        if self.spans.pop() == Some(true) {
            self.page.close();
            self.closed = self.style.needs_edges;
        }
    }

    /// Headings are bold in many a chat, and bold in them is the same.
    pub(super) fn mark_bold(&mut self, pair: Pair) {
        let is_heading = pair != self.style.bold;
        let is_new = self.bold == 0 || is_heading;
        self.bold += u32::from(pair != ("", ""));
        self.bolds.push(pair != ("", ""));
        self.mark(pair, is_new);
    }

    pub(super) fn unmark_bold(&mut self) {
        self.bold -= u32::from(self.bolds.pop() == Some(true));
        self.unmark();
    }

    pub(super) fn code(&mut self, code: &str) {
        let has_room = self.links.is_empty() || self.style.has_marked_links;
        let splits_cell = self.table.is_some() && self.style.has_tables && code.contains('|');
        if !has_room || splits_cell || !(self.style.code_fits)(code) {
            self.text.push_str(code);
            return;
        }
        self.flush();
        self.begin();
        self.mark(self.style.code, true);
        self.push_code(code, self.style.verbatim);
        self.unmark();
        self.starts_line = false;
    }

    /// `is_bare`: the address is its own text.
    pub(super) fn link(&mut self, target: &str, is_bare: bool) {
        if let Some(place) = target.strip_prefix("mention:") {
            let place = place.parse().ok();
            match place.and_then(|place| (self.mention)(place)) {
                Some(person) => {
                    self.begin();
                    self.page.push_whole(&person, person.chars().count());
                    self.starts_line = false;
                    self.skipped = 1;
                }
                None => self.links.push(Link::Inner),
            }
        } else if !self.links.is_empty() {
            self.links.push(Link::Inner);
        } else if !leads_out(target) {
            self.links.push(Link::Shown(target.to_owned()));
        } else if is_bare {
            self.begin();
            let written = (self.style.address)(target);
            self.page.push_whole(&written, target.chars().count());
            self.starts_line = false;
            self.skipped = 1;
        } else {
            self.begin();
            let from = self.page.text().len();
            let (open, close) = (self.style.link)(target);
            self.page.open(&open, close);
            self.links.push(Link::Open(from, target.to_owned()));
        }
    }

    pub(super) fn end_link(&mut self) {
        match self.links.pop() {
            Some(Link::Open(from, target)) => {
                self.page.close();
                if self.page.text().len() == from {
                    // It had no text.
                    let written = (self.style.address)(&target);
                    self.page.push_whole(&written, target.chars().count());
                }
                self.starts_line = false;
            }
            Some(Link::Shown(target)) if !target.is_empty() => {
                self.text = format!(" ({target})");
                self.flush();
            }
            _ => {}
        }
    }
}

fn leads_out(target: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| {
        let start = target.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// The address that the text begins with, if any.
fn address(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].iter().find(|scheme| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let is_part = |c: char| {
        let marks = "-._~:/?#@!$&+,;=%";
        c.is_ascii_alphanumeric() || marks.contains(c)
    };
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let address = text[..end].trim_end_matches(['.', ',', ':', ';', '!', '?', '_', '~', '&']);
    (address.len() > scheme.len()).then_some(address)
}
