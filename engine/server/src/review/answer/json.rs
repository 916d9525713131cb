//! JSON objects within text.

use serde_json::{Map, Value};

/// Objects that are looked at in one reply.
const MOST_OBJECTS: usize = 50;
/// Places at which a cut object is tried to be mended.
const MOST_MENDS: usize = 200;

/// Without a byte order mark and what a reasoning model thought aloud before its answer.
pub(super) fn without_thoughts(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("<think>") {
        // Without an end it never came to an answer.
        return text.split_once("</think>").map_or("", |(_, answer)| answer);
    }
    // Some servers cut off the opening tag.
    match text.split_once("</think>") {
        Some((thoughts, answer)) if !thoughts.contains('"') => answer,
        _ => text,
    }
}

/// The text inside a fence that holds all of it.
pub(super) fn without_fences(text: &str) -> String {
    let text = text.trim();
    let inside = text
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"))
        .and_then(|rest| rest.split_once('\n'));
    inside.map_or(text, |(_, inside)| inside).trim().to_owned()
}

/// The outermost objects in the text, in their order. Of one that is cut off or broken, what is whole is taken.
pub(super) fn objects(text: &str) -> Vec<Map<String, Value>> {
    let mut found = Vec::new();
    let mut rest = text;
    for _ in 0..MOST_OBJECTS {
        // Braces of code or prose are no objects.
        let Some(start) = next_object(rest) else {
            break;
        };
        let from = &rest[start..];
        let mut values = serde_json::Deserializer::from_str(from).into_iter::<Value>();
        match values.next() {
            Some(Ok(Value::Object(object))) => {
                found.push(object);
                rest = &from[values.byte_offset()..];
            }
            Some(Err(error)) if error.is_eof() => {
                found.extend(mended(from));
                break;
            }
            _ => rest = &from[1..],
        }
    }
    if found.is_empty() {
        let whole = next_object(text).map(|start| &text[start..]);
        found.extend(whole.and_then(mended));
    }
    found
}

/// Where a brace opens before a quote.
fn next_object(text: &str) -> Option<usize> {
    let mut braces = text.match_indices('{');
    let opens = |at: usize| text[at + 1..].trim_start().starts_with('"');
    braces.find(|(at, _)| opens(*at)).map(|(at, _)| at)
}

/// An object that ends or breaks in the middle, as far as its last whole entry.
fn mended(text: &str) -> Option<Map<String, Value>> {
    let ends = text.rmatch_indices('}').take(MOST_MENDS);
    for (end, _) in ends {
        // The list of issues comes last: its last whole entry, then the end of the list and of the object.
        let candidate = format!("{}]}}", &text[..=end]);
        if let Ok(Value::Object(object)) = serde_json::from_str(&candidate) {
            return Some(object);
        }
    }
    // Cut before the first entry: what the list came after.
    let list = text
        .rfind(",\"issues\"")
        .or_else(|| text.rfind("\"issues\""))?;
    let before = text[..list].trim_end().trim_end_matches(',');
    serde_json::from_str(&format!("{before}}}")).ok()
}
