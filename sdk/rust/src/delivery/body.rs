//! From the body to JSON, and from JSON to a payload.

use super::shorten::shorten;
use crate::{Rejection, Webhook, json};
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// Longest piece of a delivery that a reason quotes, in characters.
const EXCERPT: usize = 160;

/// The JSON text: the body itself, or the form field `payload` when the hook is set to send forms.
pub fn json(webhook: &mut Webhook) -> Result<&mut [u8], Rejection> {
    let kind = webhook.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(&mut webhook.body);
    }
    const NAME: &[u8] = b"payload=";
    webhook
        .body
        .split_mut(|&byte| byte == b'&')
        .find(|field| field.starts_with(NAME))
        .map(|field| form_decoded(&mut field[NAME.len()..]))
        .ok_or_else(|| Rejection::Malformed("the form has no field `payload`".to_owned()))
}

/// The payload in it, read as [`json::read`] does, with texts of at most
/// [`LONGEST_TEXT`](super::LONGEST_TEXT) bytes: what is longer is cut in `json` itself, so that
/// what is signed must be checked before. `host` is named in the refusal.
pub fn parse<T: DeserializeOwned>(json: &mut [u8], host: &str) -> Result<T, Rejection> {
    shorten(json);
    json::read(json).map_err(|error| {
        let error = error.to_string();
        Rejection::Malformed(format!(
            "not the JSON that {host} sends: {}",
            excerpt(&error)
        ))
    })
}

/// The start of `text`, so that a reason stays short whatever a delivery holds.
pub fn excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// `application/x-www-form-urlencoded` (WHATWG URL section 5.1): `+` is a space, `%XX` a byte,
/// anything else itself. Decoded in place, where it always fits: a second copy of 25 MiB could be
/// too much for the plugin's memory.
pub(super) fn form_decoded(field: &mut [u8]) -> &mut [u8] {
    let (mut read, mut written) = (0, 0);
    while let Some(&byte) = field.get(read) {
        let hex = |at: usize| field.get(at).copied().and_then(digit);
        let (value, taken) = match byte {
            b'+' => (b' ', 1),
            b'%' => match (hex(read + 1), hex(read + 2)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (byte, 1),
            },
            _ => (byte, 1),
        };
        field[written] = value;
        read += taken;
        written += 1;
    }
    &mut field[..written]
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
