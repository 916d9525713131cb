//! A body that the template makes alone.

use push_notify_sdk::Failure;
use serde::de::IgnoredAny;

const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// The body under its content type. What shall be JSON and is not is rejected.
pub(crate) fn body<'a>(content_type: &'a str, text: &str) -> Result<(&'a str, Vec<u8>), Failure> {
    let content_type = match content_type.trim() {
        "" => MARKDOWN,
        given => given,
    };
    if content_type.contains(|c: char| c.is_control()) {
        return Err(Failure::misconfigured("content_type is not one"));
    }
    match is_json(content_type) {
        true => Ok((content_type, json(text)?)),
        false => Ok((content_type, text.as_bytes().to_vec())),
    }
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind.ends_with("/json") || kind.ends_with("+json")
}

/// The first that is JSON: the text without Markdown's escapes, which the engine puts into what
/// strangers wrote; the text as it is, where the template has escapes of its own; and the text
/// without those that JSON does not know, where it has both.
fn json(text: &str) -> Result<Vec<u8>, Failure> {
    let problem = match sound(text) {
        Ok(_) => String::new(),
        Err(problem) => format!(" ({problem})"),
    };
    let is_punctuation = |c: char| c.is_ascii_punctuation();
    let is_unknown = |c: char| c.is_ascii_punctuation() && !matches!(c, '"' | '\\' | '/');
    [
        without_escapes(text, is_punctuation),
        text.to_owned(),
        without_escapes(text, is_unknown),
    ]
    .into_iter()
    .find(|json| sound(json).is_ok())
    .map(String::into_bytes)
    .ok_or_else(|| {
        Failure::rejected(format!(
            "the template does not make JSON of this message{problem}: write values as \
             \"{{{{js .CommitMsg}}}}\", or choose body = event"
        ))
    })
}

fn sound(text: &str) -> serde_json::Result<IgnoredAny> {
    serde_json::from_str(text)
}

/// Without backslashes before characters that are `escaped`.
fn without_escapes(text: &str, escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let next = behind.chars().next();
        if !next.is_some_and(&escaped) {
            out.push('\\');
        }
        out.extend(next);
        rest = &behind[next.map_or(0, char::len_utf8)..];
    }
    out.push_str(rest);
    out
}
