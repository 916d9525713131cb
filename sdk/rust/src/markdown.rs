//! Markdown of strangers, before it is parsed; and as chats write it ([`dialect`]).

pub mod dialect;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

/// Quotes and lists within one another that anybody writes, and more.
pub const DEEPEST: usize = 32;

/// The text with quotes and lists at most [`DEEPEST`] deep in a line: parsers take time and memory
/// for each level in each line, so that a line of nothing but `>` is a page that costs as much as a
/// book. What is deeper is text, shown as it is written.
///
/// Blocks of code are no exception: whether a line is in one is for the parser to say.
pub fn shallow(markdown: &str) -> Cow<'_, str> {
    let mut shallow = String::new();
    let mut kept = 0;
    let mut start = 0;
    for line in markdown.split_inclusive(['\n', '\r']) {
        if let Some(at) = too_deep(line) {
            shallow.push_str(&markdown[kept..start + at]);
            shallow.push('\\');
            kept = start + at;
        }
        start += line.len();
    }
    if kept == 0 && shallow.is_empty() {
        return Cow::Borrowed(markdown);
    }
    shallow.push_str(&markdown[kept..]);
    Cow::Owned(shallow)
}

/// Where a backslash makes text of the first marker that is too much.
fn too_deep(line: &str) -> Option<usize> {
    let line = line.as_bytes();
    let ends_at = |at: usize| line.get(at).is_none_or(u8::is_ascii_whitespace);
    let mut at = 0;
    for _ in 0..=DEEPEST {
        while matches!(line.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        let mark = match line.get(at)? {
            b'>' => at,
            b'-' | b'*' if is_rule(&line[at..]) => return None,
            b'-' | b'*' | b'+' if ends_at(at + 1) => at,
            b'0'..=b'9' => {
                let rest = line[at..].iter();
                let after = at + rest.take_while(|byte| byte.is_ascii_digit()).count();
                let is_item = matches!(line.get(after), Some(b'.' | b')')) && ends_at(after + 1);
                is_item.then_some(after)?
            }
            _ => return None,
        };
        at = mark + 1;
    }
    Some(at - 1)
}

/// A line across the page, such as `- - -`.
fn is_rule(line: &[u8]) -> bool {
    let mut marks = line.iter().filter(|byte| !byte.is_ascii_whitespace());
    let Some(first) = marks.next() else {
        return false;
    };
    let mut count = 1;
    marks.all(|mark| {
        count += 1;
        mark == first
    }) && count >= 3
}
