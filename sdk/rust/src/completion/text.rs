//! What the model meant to say, out of what it said.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// Most places at which an object is looked for; each may cost a walk to the end.
const TRIES: usize = 64;

/// Without byte order mark and thoughts; when JSON is wanted, the object without what stands around
/// it. Of several, one may be quoted from what the model was shown: which is the answer is for who
/// asked to tell, so that all of them stay.
pub fn clean(text: &str, json: bool) -> String {
    let text = without_thoughts(text.trim_start_matches('\u{feff}')).trim();
    let text = match json {
        true => match objects(text) {
            Objects::One(object) => object,
            Objects::None => without_fence(text),
            Objects::Several => text,
        },
        false => text,
    };
    text.to_owned()
}

fn without_thoughts(text: &str) -> &str {
    let mut text = text.trim_start();
    while let Some((thoughts, end)) = thoughts(text) {
        // Unclosed: the answer ended before the thoughts did.
        text = thoughts
            .split_once(end)
            .map_or("", |(_, rest)| rest.trim_start());
    }
    // Where the template of a prompt opens the block, the answer only closes it, on a line of its
    // own.
    match text.split_once("\n</think>\n") {
        Some((thoughts, rest)) if !thoughts.trim_start().starts_with(['{', '`']) => rest,
        _ => text,
    }
}

/// What follows the opening of a block of thoughts, and what closes it.
fn thoughts(text: &str) -> Option<(&str, &'static str)> {
    [("<think>", "</think>"), ("<thinking>", "</thinking>")]
        .into_iter()
        .find_map(|(begin, end)| Some((text.strip_prefix(begin)?, end)))
}

/// The objects of a text, as far as it matters.
enum Objects<'a> {
    None,
    One(&'a str),
    /// Or one that is broken, and holds who knows what.
    Several,
}

/// An object that was cut off is as long as it got: the whole ones inside it are not the answer.
fn objects(text: &str) -> Objects<'_> {
    let mut only = None;
    let mut from = 0;
    for _ in 0..TRIES {
        let Some(at) = text[from..].find('{') else {
            return only.map_or(Objects::None, Objects::One);
        };
        let start = from + at;
        let mut values = Deserializer::from_str(&text[start..]).into_iter::<IgnoredAny>();
        let end = match values.next() {
            Some(Ok(_)) => start + values.byte_offset(),
            Some(Err(problem)) if problem.is_eof() => text.len(),
            _ if is_prose(&text[start + 1..]) => {
                from = start + 1;
                continue;
            }
            _ => return Objects::Several,
        };
        if only.is_some() {
            return Objects::Several;
        }
        only = Some(&text[start..end]);
        from = end;
    }
    Objects::Several
}

/// Whether what follows a brace is no object, not even a broken one.
fn is_prose(text: &str) -> bool {
    let inside = text.split(['{', '}']).next().unwrap_or_default();
    !inside.contains(':') && !inside.trim_start().starts_with('"')
}

/// The inside of a Markdown block that the text begins with, whether it is closed or not.
fn without_fence(text: &str) -> &str {
    let Some((_, inside)) = text
        .strip_prefix("```")
        .and_then(|text| text.split_once('\n'))
    else {
        return text;
    };
    inside.trim_end().trim_end_matches("```").trim()
}
