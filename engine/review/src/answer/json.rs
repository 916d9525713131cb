//! JSON objects within text.

mod reader;
mod text;

pub(super) use reader::{Node, Object, Read, read};
use std::ops::Range;

/// Objects that are looked at in one reply.
const MOST_OBJECTS: usize = 200;
/// What may be read of a reply over and over, in bytes: a broken object is no reason not to look
/// for another one inside it.
const MOST_READ: usize = 4 << 20;

/// Members of what was asked for, as they are found in a text that runs on into them.
const NAMES: [&str; 6] = ["issues", "path", "line", "severity", "decision", "score"];

/// An object, and where in the text it stands.
pub(super) struct Found {
    pub object: Object,
    pub range: Range<usize>,
    /// Nothing of it had to be guessed, and nothing was left out.
    pub is_sure: bool,
}

/// The outermost objects in the text, in their order, and whether all of the text was looked at.
/// Inside an object that is broken, others are looked for, too.
pub(super) fn objects(text: &str) -> (Vec<Found>, bool) {
    let mut found = Vec::new();
    let mut from = 0;
    let mut bytes = 0;
    // Braces of code or prose are no objects.
    while let Some(start) = next_object(text, from) {
        if found.len() == MOST_OBJECTS || bytes > MOST_READ {
            return (found, false);
        }
        let Read {
            object,
            length,
            is_sure,
        } = read(&text[start..]);
        bytes += length;
        from = if is_sure { start + length } else { start + 1 };
        found.push(Found {
            object,
            range: start..start + length,
            is_sure,
        });
    }
    (found, true)
}

/// Where the first one begins.
pub(super) fn first_object(text: &str) -> Option<usize> {
    next_object(text, 0)
}

/// Where a brace opens before a name.
fn next_object(text: &str, from: usize) -> Option<usize> {
    let mut braces = text[from..].match_indices('{');
    braces
        .find(|(at, _)| opens(&text[from + at + 1..]))
        .map(|(at, _)| from + at)
}

fn opens(rest: &str) -> bool {
    let rest = reader::trimmed(rest);
    if rest.starts_with(text::is_quote) || rest.starts_with("//") || rest.starts_with("/*") {
        return true;
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let after = rest.trim_start_matches(is_name);
    after.len() < rest.len() && after.trim_start().starts_with(':')
}

/// What stands in a text before the first member of an object.
pub(super) fn before_members(text: &str) -> &str {
    let mut letters = text.char_indices();
    let member = letters.find(|(at, c)| {
        let is_known = || {
            let name = &text[at + c.len_utf8()..];
            let is_next = text[..*at].trim_end().ends_with([',', '{', '[']);
            is_next && NAMES.iter().any(|known| name.starts_with(known))
        };
        text::is_quote(*c) && (text::is_member(&text[*at..]) || is_known())
    });
    let ends = [member.map(|(at, _)| at), first_object(text)];
    match ends.into_iter().flatten().min() {
        Some(end) => text[..end].trim_end_matches(|c: char| {
            c.is_whitespace() || text::is_quote(c) || matches!(c, ',' | '[' | '{')
        }),
        None => text,
    }
}

/// Without a byte order mark and what a reasoning model thought aloud before its answer.
pub(super) fn without_thoughts(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    for (begin, end) in [("<think>", "</think>"), ("<thinking>", "</thinking>")] {
        if text.starts_with(begin) {
            // Without an end it never came to an answer.
            return text.split_once(end).map_or("", |(_, answer)| answer);
        }
    }
    // Some servers cut off the opening tag.
    match text.split_once("</think>") {
        Some((thoughts, answer)) if !thoughts.contains('"') => answer,
        _ => text,
    }
}

/// The text inside a fence that holds all of it.
pub(super) fn without_fences(text: &str) -> &str {
    let text = text.trim();
    let inside = text
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"))
        .and_then(|rest| rest.split_once('\n'));
    inside.map_or(text, |(_, inside)| inside).trim()
}

/// A text that is all of it a JSON string: what the string holds.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let text = without_fences(text);
    if text.starts_with('"') {
        return serde_json::from_str(text).ok();
    }
    // The same without its quotes.
    let inside = text.strip_prefix('{')?.trim_start();
    let is_escaped = inside.starts_with("\\\"") || inside.starts_with("\\n");
    is_escaped
        .then(|| serde_json::from_str(&format!("\"{}\"", text.replace('\n', "\\n"))).ok())
        .flatten()
}
