//! From a text with marked characters to Markdown in which these are only characters.

use super::{
    is_address,
    mark::{LINE, SPACE, TAB, original, original_text},
};

/// At the start of a line, white space of Markdown's is markup. This is none, and looks the same.
const NO_BREAK_SPACE: &str = "\u{a0}";
const NO_BREAK_TAB: &str = "\u{a0}\u{a0}\u{a0}\u{a0}";

/// Escapes what is marked, where it stands: by a backslash (CommonMark section 2.4) where it could
/// be markup, not at all in code and in the target of a link, where a backslash would be shown or
/// sent.
pub(super) fn written(text: String) -> String {
    if !text.contains(|c| original(c).is_some()) {
        return text;
    }
    let mut writer = Writer {
        rest: &text,
        out: String::with_capacity(text.len()),
        before: '\n',
        closes: false,
        starts: true,
        no_target: [usize::MAX; 2],
    };
    while !writer.rest.is_empty() {
        writer.step();
    }
    writer.out
}

struct Writer<'a> {
    rest: &'a str,
    out: String,
    /// The character before, as what it stands for.
    before: char,
    /// Whether that is a closing bracket of the template's.
    closes: bool,
    /// Whether a block could start here: only white space and the marks of blocks are before it on
    /// the line.
    starts: bool,
    /// How much of the text is left where the search for the end of a target came to none, for `)`
    /// and for `>`: whoever begins before that finds none either, and need not search again.
    no_target: [usize; 2],
}

impl<'a> Writer<'a> {
    fn step(&mut self) {
        let Some(c) = self.rest.chars().next() else {
            return;
        };
        if let Some(meant) = original(c) {
            self.rest = &self.rest[c.len_utf8()..];
            self.foreign(c, meant);
            return;
        }
        match c {
            '`' | '~' if self.starts && self.fence(c) => {}
            '`' => self.code(),
            ']' if self.rest.starts_with("](") && self.target("](", ')') => {}
            '<' if self.target("<", '>') => {}
            '\\' => {
                let rest = &self.rest[1..];
                let next = rest.chars().next();
                self.own(c);
                match next {
                    // The template's own escape.
                    Some(next) if next.is_ascii_punctuation() => self.own(next),
                    // It would escape the escape.
                    Some(next) if original(next).is_some_and(|c| c.is_ascii_punctuation()) => {
                        self.out.push('\\')
                    }
                    _ => {}
                }
            }
            _ => self.own(c),
        }
    }

    /// A character of the template's, or one of a stranger's that is never markup.
    fn own(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
        self.out.push(c);
        self.starts = match c {
            '\n' => true,
            // Of quotes, lists and their numbers.
            ' ' | '\t' | '>' | '-' | '+' | '*' | '.' | ')' | '0'..='9' => self.starts,
            _ => false,
        };
        self.before = c;
        self.closes = c == ']';
    }

    /// `mark` is what stood there, behind which the rest begins.
    fn foreign(&mut self, mark: char, c: char) {
        match mark {
            LINE => self.out.push('\n'),
            SPACE if self.starts => self.out.push_str(NO_BREAK_SPACE),
            TAB if self.starts => self.out.push_str(NO_BREAK_TAB),
            _ if c == '_' => {
                self.underscores();
                return;
            }
            _ => {
                if self.is_markup(c) {
                    self.out.push('\\');
                }
                self.out.push(c);
            }
        }
        self.starts = match mark {
            LINE => true,
            SPACE | TAB => self.starts,
            _ => false,
        };
        self.before = c;
        self.closes = false;
    }

    /// Within a word they are none (CommonMark section 6.2), and names of files and functions are
    /// full of them.
    fn underscores(&mut self) {
        let is_mark = |c: char| original(c) == Some('_');
        let after = self.rest.trim_start_matches(is_mark);
        let count = 1 + self.rest[..self.rest.len() - after.len()].chars().count();
        let is_within = self.before.is_alphanumeric() && after.starts_with(char::is_alphanumeric);
        let shown = if is_within { "_" } else { "\\_" };
        self.out.push_str(&shown.repeat(count));
        self.go_on(after, '_');
    }

    fn is_markup(&self, c: char) -> bool {
        let marked_next = self.rest.chars().next();
        let next = marked_next.map(|c| original(c).unwrap_or(c));
        let is_end = next.is_none_or(char::is_whitespace);
        let is_before_word = next.is_some_and(char::is_alphanumeric);
        match c {
            '`' | '*' | '[' | ']' | '<' | '|' | '~' => true,
            // At an end, whatever comes next could take it for an escape.
            '\\' => next.is_none_or(|c| c.is_ascii_punctuation() || c == '\n'),
            // A link of the template's behind it would become an image.
            '!' => marked_next == Some('['),
            '&' => is_before_word || next == Some('#'),
            '>' | '=' => self.starts,
            // At the end of a heading, it is none of its text.
            '#' => self.starts || is_end || next == Some('#'),
            '-' | '+' => self.starts && !is_before_word,
            // Behind the template's own brackets they would make a link of these.
            '(' => self.closes,
            ':' => self.starts || self.closes || next == Some('/'),
            ')' => self.starts && self.before.is_ascii_digit() && is_end,
            '.' => {
                let is_number = self.starts && self.before.is_ascii_digit() && is_end;
                is_number || (matches!(self.before, 'w' | 'W') && is_before_word)
            }
            _ => false,
        }
    }

    /// Code in a line of the template's.
    fn code(&mut self) {
        let (count, inside) = opening(self.rest, '`');
        let line = inside.split('\n').next().unwrap_or_default();
        let Some((content, after)) = up_to_run(line, count) else {
            // Alone, it is a character, also when a stranger has another one.
            self.out.push_str(&"\\`".repeat(count));
            return self.go_on(inside, '`');
        };
        let before = self.out.rsplit('\n').next().unwrap_or_default();
        // The cells of a table are told apart before code is.
        let is_row = before.contains('|') || after.contains('|');
        let content = original_text(content).replace('\n', " ");
        let content = match is_row {
            true => content.replace('|', "\\|"),
            false => content,
        };
        self.out.push_str(&code_span(&content, count));
        self.go_on(&inside[line.len() - after.len()..], '`');
    }

    /// A block of code of the template's, up to the fence that closes it. False: none begins here.
    /// One that stands further right may be in a list or a quote, which a stranger's line would
    /// end, and counts as none.
    fn fence(&mut self, mark: char) -> bool {
        let (count, behind) = opening(self.rest, mark);
        let Some((info, inside)) = behind.split_once('\n') else {
            return false;
        };
        let is_at_edge = self.out.is_empty() || self.out.ends_with('\n');
        if !is_at_edge || count < 3 || (mark == '`' && info.contains('`')) {
            return false;
        }
        let closes = |line: &&str| {
            let bare = line.trim();
            bare.len() >= count && bare.chars().all(|c| c == mark)
        };
        let before_close = inside
            .split_inclusive('\n')
            .take_while(|line| !closes(line));
        let at: usize = before_close.map(str::len).sum();
        let close = inside[at..].split('\n').next().unwrap_or_default();
        if close.is_empty() {
            return false;
        }
        let info = original_text(info).replace(['`', '\n', '~'], "");
        let content = original_text(&inside[..at]);
        let longest = content.split(|c| c != mark).map(str::len).max();
        let count = count.max(longest.unwrap_or_default() + 1);
        let marks = mark.to_string().repeat(count);
        self.out.extend([&marks, &info, "\n", &content, &marks]);
        self.go_on(&inside[at + close.len()..], mark);
        true
    }

    /// An address between `open` and `close`, where an escape would become a part of it. False:
    /// none is there.
    fn target(&mut self, open: &str, close: char) -> bool {
        let inside = &self.rest[open.len()..];
        let no_target = &mut self.no_target[usize::from(close == '>')];
        if *no_target != usize::MAX && inside.len() >= *no_target {
            return false;
        }
        let found = inside.find(|c: char| c == close || super::mark::is_white(c));
        let end = found.unwrap_or(inside.len());
        if !inside[end..].starts_with(close) {
            *no_target = inside.len() - end;
            return false;
        }
        let target = &inside[..end];
        if !target.contains(|c| original(c).is_some()) {
            return false;
        }
        if close == '>' && !is_address(&original_text(target)) {
            return false;
        }
        self.out.push_str(open);
        for c in target.chars() {
            match original(c) {
                Some(c @ ('(' | ')' | '<' | '>' | '[' | ']' | '\\' | '`' | '|')) => {
                    self.out.push_str(&format!("%{:02X}", u32::from(c)))
                }
                meant => self.out.push(meant.unwrap_or(c)),
            }
        }
        self.out.push(close);
        self.go_on(&inside[end + close.len_utf8()..], close);
        true
    }

    /// Behind something that no block starts with.
    fn go_on(&mut self, rest: &'a str, before: char) {
        self.rest = rest;
        self.before = before;
        self.closes = false;
        self.starts = false;
    }
}

/// `content`, which is one line, as code. Its marks are as long as what is in it demands, and no
/// shorter than `least`.
pub(super) fn code_span(content: &str, least: usize) -> String {
    let marks = "`".repeat(free_length(content, least));
    let has_mark_at_edge = content.starts_with('`') || content.ends_with('`');
    // One space at either end would be taken off.
    let is_padded = content.starts_with(' ') && content.ends_with(' ');
    let pad = match has_mark_at_edge || (is_padded && !content.trim().is_empty()) {
        true => " ",
        false => "",
    };
    [&marks, pad, content, pad, &marks].concat()
}

/// The first code in a line: what is before it, what it is, and what is behind it. A backtick that
/// has no other is none.
pub(super) fn first_code(line: &str) -> Option<(&str, &str, &str)> {
    let mut at = 0;
    while let Some(found) = line[at..].find('`') {
        let start = at + found;
        let (count, inside) = opening(&line[start..], '`');
        if let Some((content, behind)) = up_to_run(inside, count) {
            return Some((&line[..start], without_pad(content), behind));
        }
        at = start + count;
    }
    None
}

/// One space at either end is not of the code (CommonMark section 6.1).
fn without_pad(content: &str) -> &str {
    let inner = content
        .strip_prefix(' ')
        .and_then(|it| it.strip_suffix(' '));
    inner.filter(|it| !it.trim().is_empty()).unwrap_or(content)
}

/// How many of `mark` a text begins with, and what follows.
fn opening(text: &str, mark: char) -> (usize, &str) {
    let behind = text.trim_start_matches(mark);
    ((text.len() - behind.len()) / mark.len_utf8(), behind)
}

/// What is before a run of exactly `count` backticks, and what is behind it.
fn up_to_run(line: &str, count: usize) -> Option<(&str, &str)> {
    let mut at = 0;
    while let Some(found) = line[at..].find('`') {
        let (length, behind) = opening(&line[at + found..], '`');
        if length == count {
            return Some((&line[..at + found], behind));
        }
        at += found + length;
    }
    None
}

/// The least count of backticks, not below `least`, that no run in `content` has.
fn free_length(content: &str, least: usize) -> usize {
    let runs: Vec<usize> = content.split(|c| c != '`').map(str::len).collect();
    (least..)
        .find(|count| !runs.contains(count))
        .unwrap_or(least)
}
