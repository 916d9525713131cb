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

fn json(text: &str) -> Result<Vec<u8>, Failure> {
    let sound = |text: &str| serde_json::from_str::<IgnoredAny>(text);
    let Err(problem) = sound(text) else {
        return Ok(text.as_bytes().to_vec());
    };
    let mended = without_escapes(text);
    match sound(&mended) {
        Ok(_) => Ok(mended.into_bytes()),
        Err(_) => Err(Failure::rejected(format!(
            "the template does not make JSON of this message ({problem}): write values as \
             \"{{{{js .CommitMsg}}}}\", or choose body = event"
        ))),
    }
}

/// The engine escapes what would be markup in a stranger's text, by backslashes that JSON does not
/// know.
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let Some(next) = behind.chars().next() else {
            return out;
        };
        if !next.is_ascii_punctuation() || matches!(next, '"' | '\\' | '/') {
            out.push('\\');
        }
        out.push(next);
        rest = &behind[next.len_utf8()..];
    }
    out.push_str(rest);
    out
}
