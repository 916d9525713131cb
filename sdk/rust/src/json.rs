//! JSON that strangers wrote: Git hosts, far sides, models.

pub mod part;

use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// Of what is not sound, a copy is mended that may be three times as long. What is longer than this
/// stays as it is, in bytes.
const MOST_MENDED: usize = 4 << 20;
const BOM: &[u8] = b"\xef\xbb\xbf";
/// U+FFFD, as the digits of an escape.
const REPLACEMENT: &[u8; 4] = b"fffd";

/// Reads JSON that may hold what programs write when they cut a text in the middle of a character:
/// half of a surrogate pair (`"\ud83d"`), or bytes that are not UTF-8. Each becomes U+FFFD. A byte
/// order mark is skipped. Sound JSON costs nothing more.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    let text = without_bom(text);
    serde_json::from_slice(text).or_else(|error| match mended(text) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    })
}

/// `text` without what stands before it in files and bodies that Windows made.
pub fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(BOM).unwrap_or(text)
}

/// A copy in which all that [`read`] mends is mended; none when there is nothing of it. For what is
/// read in another way, such as part by part.
pub fn mended(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > MOST_MENDED {
        return None;
    }
    let mut mended = match String::from_utf8_lossy(text) {
        Cow::Owned(lossy) => Some(lossy.into_bytes()),
        Cow::Borrowed(_) => None,
    };
    let mut at = 0;
    loop {
        let current = mended.as_deref().unwrap_or(text);
        let Some(found) = current
            .get(at..)
            .and_then(|rest| rest.iter().position(|&byte| byte == b'\\'))
        else {
            return mended;
        };
        at += found;
        match Escape::read(&current[at..]) {
            Escape::Whole(length) => at += length,
            Escape::Half => {
                let mended = mended.get_or_insert_with(|| text.to_vec());
                mended[at + 2..at + 6].copy_from_slice(REPLACEMENT);
                at += 6;
            }
        }
    }
}

/// What a backslash begins.
enum Escape {
    /// With so many bytes; a pair of surrogates is one.
    Whole(usize),
    /// A surrogate without the other.
    Half,
}

impl Escape {
    fn read(text: &[u8]) -> Self {
        match unit(text) {
            None => Self::Whole(2),
            Some(0xD800..=0xDBFF) => match text.get(6..).and_then(unit) {
                Some(0xDC00..=0xDFFF) => Self::Whole(12),
                _ => Self::Half,
            },
            Some(0xDC00..=0xDFFF) => Self::Half,
            Some(_) => Self::Whole(6),
        }
    }
}

/// The number in a `\uXXXX` that `text` begins with.
fn unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, &digit| {
        Some(unit << 4 | char::from(digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests;
