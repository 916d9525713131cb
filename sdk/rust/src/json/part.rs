//! JSON of unknown shape, as far sides answer. What has another type than expected counts as
//! missing; nothing is quoted in an error, and nothing takes more memory than its text.

use super::without_bom;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;

/// A part of an answer; null and missing are the same.
pub type Part<'a> = Option<&'a RawValue>;

/// In bytes.
const LONGEST_NAME: usize = 200;

/// The text of an object, as it is to be read by [`object`].
pub fn document(body: &[u8]) -> Part<'_> {
    value(body).filter(|document| is_object(document))
}

/// The members of an object that are asked for. None: it is no object, or has one of them twice.
pub fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    let body = without_bom(body);
    let is_object = body.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(body).ok())?
}

/// The text of any JSON.
pub fn value(body: &[u8]) -> Part<'_> {
    serde_json::from_slice(without_bom(body)).ok()
}

/// With everything missing when the part is no object.
pub fn object<'a, T: Deserialize<'a> + Default>(part: Part<'a>) -> T {
    part.filter(|part| is_object(part))
        .and_then(|part| serde_json::from_str(part.get()).ok())
        .unwrap_or_default()
}

pub fn text(part: Part<'_>) -> Option<String> {
    let part = part.filter(|part| part.get().starts_with('"'))?;
    serde_json::from_str(part.get()).ok()
}

/// The start of a text, for who reads it: at most `most` characters, without control characters. Of
/// a longer one the rest is not even read.
pub fn words(part: Part<'_>, most: usize) -> Option<String> {
    // What a character takes at most: two escapes.
    const WIDEST: usize = 12;
    let json = part.filter(|part| part.get().starts_with('"'))?.get();
    let text: String = match start(json, most.saturating_mul(WIDEST)) {
        Some(start) => serde_json::from_str(&format!("{start}\"")).ok()?,
        None => serde_json::from_str(json).ok()?,
    };
    let words = text.chars().take(most);
    Some(
        words
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
    )
}

/// The start of a text in JSON, to about so many bytes and without its closing quote. None: it is
/// no longer than that.
fn start(json: &str, most: usize) -> Option<&str> {
    let bytes = json.as_bytes();
    if bytes.len() <= most {
        return None;
    }
    let mut at = 1;
    while at < most {
        at += match bytes.get(at)? {
            b'\\' if bytes.get(at + 1) == Some(&b'u') => match bytes.get(at + 6) {
                // Two halves of one character stay together.
                Some(b'\\') if bytes.get(at + 7) == Some(&b'u') => 12,
                _ => 6,
            },
            b'\\' => 2,
            _ => 1,
        };
    }
    // Its last byte is the closing quote.
    let start = json.get(..json.floor_char_boundary(at))?;
    (start.len() < bytes.len()).then_some(start)
}

/// A text that is short enough for a name.
pub fn name(part: Part<'_>) -> Option<String> {
    text(part).filter(|name| name.len() <= LONGEST_NAME)
}

pub fn number(part: Part<'_>) -> Option<u64> {
    let part = part.filter(|part| part.get().starts_with(|c: char| c.is_ascii_digit()))?;
    let number: f64 = serde_json::from_str(part.get()).ok()?;
    // A cast from a float saturates.
    Some(number as u64)
}

/// A whole number, also one that comes as text.
pub fn whole(part: Part<'_>) -> Option<i64> {
    let part = part?;
    let text = part.get().trim_matches('"').trim();
    // No i64 is longer.
    (text.len() <= 20).then(|| text.parse().ok())?
}

/// The first entries of a list, at most `N`.
pub fn list<const N: usize>(part: Part<'_>) -> Vec<&RawValue> {
    part.filter(|part| part.get().starts_with('['))
        .and_then(|part| serde_json::from_str::<First<'_, N>>(part.get()).ok())
        .map(|First(entries)| entries)
        .unwrap_or_default()
}

fn is_object(part: &RawValue) -> bool {
    part.get().starts_with('{')
}

struct First<'a, const N: usize>(Vec<&'a RawValue>);

impl<'a, const N: usize> Deserialize<'a> for First<'a, N> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<const N: usize>;
        impl<'a, const N: usize> Visitor<'a> for Entries<N> {
            type Value = First<'a, N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while entries.len() < N {
                    match list.next_element()? {
                        Some(entry) => entries.push(entry),
                        None => return Ok(First(entries)),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(entries))
            }
        }
        deserializer.deserialize_seq(Entries::<N>)
    }
}
