//! Where a far side repeats a secret: as it is, with the escapes of URLs, JSON or HTML, or in
//! base64. All in time that grows with the text alone, since the text is a stranger's.

#[cfg(test)]
mod tests;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use memchr::{memchr, memmem};
use std::{collections::VecDeque, ops::Range};

/// Shorter values are not looked for: `1` or `ok` stands in most answers.
pub(super) const SHORTEST: usize = 4;
/// Shorter values are hidden only where they stand as a word of their own, since they occur in
/// others by chance.
const SHORTEST_WITHIN_WORDS: usize = 8;
/// Characters of base64 that occur by chance once in 2^48 places.
const SHORTEST_BASE64: usize = 8;

/// A way to write bytes otherwise.
#[derive(Clone, Copy)]
enum Escape {
    /// `%2F`, and `+` for a blank.
    Url,
    /// `\/`, `\n`, `\u002f`; `\x2f` of JavaScript and others as well.
    Json,
    /// `&amp;`, `&#47;`, `&#x2f;`
    Html,
}

/// Where `value` stands in `text`, from left to right, without overlaps.
pub(super) fn find(text: &[u8], value: &str) -> Vec<Range<usize>> {
    if value.len() < SHORTEST || text.len() < value.len() {
        return Vec::new();
    }
    let mut found: Vec<_> = memmem::find_iter(text, value)
        .map(|at| at..at + value.len())
        .collect();
    for escape in [Escape::Url, Escape::Json, Escape::Html] {
        if escape.may_occur(text, value) {
            escaped(text, value.as_bytes(), escape, &mut found);
        }
    }
    found.retain(|range| value.len() >= SHORTEST_WITHIN_WORDS || is_word(text, range));
    base64(text, value.as_bytes(), &mut found);
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|range| {
        let apart = range.start >= end;
        end = end.max(range.end);
        apart
    });
    found
}

fn is_word(text: &[u8], range: &Range<usize>) -> bool {
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
    };
    let before = range.start.checked_sub(1).and_then(|at| text.get(at));
    !is_part(before) && !is_part(text.get(range.end))
}

impl Escape {
    fn may_occur(self, text: &[u8], value: &str) -> bool {
        match self {
            Self::Url => {
                memchr(b'%', text).is_some()
                    || (value.contains(' ') && memchr(b'+', text).is_some())
            }
            Self::Json => memchr(b'\\', text).is_some(),
            Self::Html => memchr(b'&', text).is_some(),
        }
    }

    /// What the text begins with, and how many of its bytes say so.
    fn first(self, text: &[u8]) -> (Decoded, usize) {
        let decoded = match (self, text.first()) {
            (Self::Url, Some(b'%')) => hex(text, 1, 2).map(|byte| (Decoded::byte(byte as u8), 3)),
            (Self::Url, Some(b'+')) => Some((Decoded::byte(b' '), 1)),
            (Self::Json, Some(b'\\')) => json(text),
            (Self::Html, Some(b'&')) => html(text),
            _ => None,
        };
        decoded.unwrap_or_else(|| (Decoded::byte(text.first().copied().unwrap_or_default()), 1))
    }
}

/// The bytes of one character at most.
struct Decoded {
    bytes: [u8; 4],
    length: usize,
}

impl Decoded {
    fn byte(byte: u8) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            length: 1,
        }
    }

    fn char(code: u32) -> Option<Self> {
        let mut bytes = [0; 4];
        let length = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        Some(Self { bytes, length })
    }
}

fn hex(text: &[u8], from: usize, digits: usize) -> Option<u32> {
    let digits = std::str::from_utf8(text.get(from..from + digits)?).ok()?;
    digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())?
}

fn json(text: &[u8]) -> Option<(Decoded, usize)> {
    let byte = match text.get(1)? {
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'f' => 12,
        b'r' => b'\r',
        b'x' => return Some((Decoded::char(hex(text, 2, 2)?)?, 4)),
        b'u' => {
            let code = hex(text, 2, 4)?;
            if let Some(whole) = Decoded::char(code) {
                return Some((whole, 6));
            }
            let low = text.get(6..8).filter(|next| *next == b"\\u");
            let low = low.and_then(|_| hex(text, 8, 4))?;
            let pair = char::decode_utf16([code as u16, low as u16]).next()?.ok()?;
            return Some((Decoded::char(pair.into())?, 12));
        }
        other => *other,
    };
    Some((Decoded::byte(byte), 2))
}

fn html(text: &[u8]) -> Option<(Decoded, usize)> {
    const NAMES: [(&[u8], u8); 5] = [
        (b"&amp;", b'&'),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&quot;", b'"'),
        (b"&apos;", b'\''),
    ];
    if let Some((name, byte)) = NAMES.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((Decoded::byte(*byte), name.len()));
    }
    let end = text.iter().take(10).position(|byte| *byte == b';')?;
    let digits = std::str::from_utf8(text.get(..end)?).ok()?;
    let digits = digits.strip_prefix("&#")?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    Some((Decoded::char(code.ok()?)?, end + 1))
}

/// Knuth, Morris and Pratt's search over what the text says once its escapes are undone.
fn escaped(text: &[u8], value: &[u8], escape: Escape, found: &mut Vec<Range<usize>>) {
    let borders = borders(value);
    // Where each of the bytes began that were read last, as many as the value has.
    let mut begins = VecDeque::with_capacity(value.len() + 1);
    let (mut at, mut matched) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (decoded, length) = escape.first(rest);
        for byte in &decoded.bytes[..decoded.length] {
            begins.push_back(at);
            if begins.len() > value.len() {
                begins.pop_front();
            }
            while matched > 0 && value[matched] != *byte {
                matched = borders[matched - 1];
            }
            if value[matched] == *byte {
                matched += 1;
            }
            if matched == value.len() {
                found.push(begins[0]..at + length);
                matched = 0;
            }
        }
        at += length;
    }
}

/// Of each beginning of the value, the length of its longest proper beginning that is its end as
/// well.
fn borders(value: &[u8]) -> Vec<usize> {
    let mut borders = vec![0; value.len()];
    let mut length = 0;
    for at in 1..value.len() {
        while length > 0 && value[at] != value[length] {
            length = borders[length - 1];
        }
        if value[at] == value[length] {
            length += 1;
        }
        borders[at] = length;
    }
    borders
}

/// What is encoded may begin before the value, such as a user's name: three ways to cut the bits,
/// and two alphabets. The characters at the edges, which depend on what stands around the value,
/// stay.
fn base64(text: &[u8], value: &[u8], found: &mut Vec<Range<usize>>) {
    for before in 0..3_usize {
        let (first, end) = ((8 * before).div_ceil(6), 8 * (before + value.len()) / 6);
        if end - first < SHORTEST_BASE64 || text.len() < end - first {
            continue;
        }
        let shifted = [&[0; 2][..before], value].concat();
        let standard = STANDARD_NO_PAD.encode(&shifted);
        let url_safe = URL_SAFE_NO_PAD.encode(&shifted);
        let alphabets = if standard == url_safe { 1 } else { 2 };
        for form in [&standard, &url_safe].into_iter().take(alphabets) {
            let form = &form.as_bytes()[first..end];
            found.extend(memmem::find_iter(text, form).map(|at| at..at + form.len()));
        }
    }
}
