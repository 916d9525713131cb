//! Digests, and what needs the value of a secret without showing it; and the encodings that go with
//! them. A [`Secret`](crate::Secret) in a key, message or side of a comparison stands for its
//! value.

#[cfg(test)]
mod tests;

use crate::engine;
use engine::crypto::{Algorithm, KeyEncoding, hmac};

pub use crate::bindings::host::push_notify::plugin::crypto::Signing;

pub fn sha1(data: impl AsRef<[u8]>) -> Vec<u8> {
    engine::crypto::digest(Algorithm::Sha1, data.as_ref())
}

pub fn sha256(data: impl AsRef<[u8]>) -> Vec<u8> {
    engine::crypto::digest(Algorithm::Sha256, data.as_ref())
}

pub fn sha512(data: impl AsRef<[u8]>) -> Vec<u8> {
    engine::crypto::digest(Algorithm::Sha512, data.as_ref())
}

pub fn hmac_sha1(key: impl AsRef<[u8]>, message: impl AsRef<[u8]>) -> Vec<u8> {
    hmac(
        Algorithm::Sha1,
        key.as_ref(),
        KeyEncoding::Plain,
        message.as_ref(),
    )
}

pub fn hmac_sha256(key: impl AsRef<[u8]>, message: impl AsRef<[u8]>) -> Vec<u8> {
    hmac(
        Algorithm::Sha256,
        key.as_ref(),
        KeyEncoding::Plain,
        message.as_ref(),
    )
}

pub fn hmac_sha512(key: impl AsRef<[u8]>, message: impl AsRef<[u8]>) -> Vec<u8> {
    hmac(
        Algorithm::Sha512,
        key.as_ref(),
        KeyEncoding::Plain,
        message.as_ref(),
    )
}

/// With a key that is written as Standard Webhooks has it: `whsec_`, which may be missing, and
/// base64. Without bytes, which are equal to nothing, when the key is something else.
pub fn hmac_sha256_by_base64(key: impl AsRef<[u8]>, message: impl AsRef<[u8]>) -> Vec<u8> {
    hmac(
        Algorithm::Sha256,
        key.as_ref(),
        KeyEncoding::Base64,
        message.as_ref(),
    )
}

/// A signature by a private key, which is a [`Secret`](crate::Secret): PKCS#8 or, for RSA, PKCS#1
/// as PEM; for Ed25519 also in base64, after `whsk_` where that stands before it, as Standard
/// Webhooks has it. What is wrong with another key, else.
pub fn sign(
    algorithm: Signing,
    key: impl std::fmt::Display,
    message: impl AsRef<[u8]>,
) -> Result<Vec<u8>, String> {
    engine::crypto::sign(algorithm, &key.to_string(), message.as_ref())
}

/// Whether both are the same, in time that tells nothing else. An empty side is never equal.
pub fn equal(left: impl AsRef<[u8]>, right: impl AsRef<[u8]>) -> bool {
    engine::crypto::equal(left.as_ref(), right.as_ref())
}

/// Lower case.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4, b"0123456789abcdef"));
        text.push(digit(byte & 15, b"0123456789abcdef"));
    }
    text
}

/// Reads [`hex`], in either case; `None` when it is something else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let value = |letter: u8| char::from(letter).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| Some((value(*high)? << 4 | value(*low)?) as u8);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

/// Standard alphabet with padding (RFC 4648 section 4).
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = bytes.as_ref();
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| chunk.get(index).copied().unwrap_or_default();
        let [first, second, third] = [at(0), at(1), at(2)];
        text.push(digit(first >> 2, ALPHABET));
        text.push(digit((first & 3) << 4 | second >> 4, ALPHABET));
        text.push(if chunk.len() > 1 {
            digit((second & 15) << 2 | third >> 6, ALPHABET)
        } else {
            '='
        });
        text.push(if chunk.len() > 2 {
            digit(third & 63, ALPHABET)
        } else {
            '='
        });
    }
    text
}

/// Reads [`base64`], whose lines may be broken; `None` when it is something else.
pub fn unbase64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let (groups, []) = digits.as_chunks::<4>() else {
        return None;
    };
    let mut bytes = Vec::with_capacity(groups.len() * 3);
    for (at, group) in (1..).zip(groups) {
        let padding = group
            .iter()
            .rev()
            .take_while(|digit| **digit == b'=')
            .count();
        if padding > 2 || padding > 0 && at < groups.len() {
            return None;
        }
        let mut value = 0;
        for digit in &group[..4 - padding] {
            value = value << 6 | u32::from(sextet(*digit)?);
        }
        value <<= 6 * padding;
        bytes.extend(&value.to_be_bytes()[1..4 - padding]);
    }
    Some(bytes)
}

fn sextet(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Keeps what RFC 3986 section 2.3 calls unreserved: letters, digits, `-`, `.`, `_`, `~`.
/// Placeholders consist of these and survive.
pub fn percent_encode(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(digit(byte >> 4, b"0123456789ABCDEF"));
            encoded.push(digit(byte & 15, b"0123456789ABCDEF"));
        }
    }
    encoded
}

fn digit<const N: usize>(value: u8, alphabet: &[u8; N]) -> char {
    char::from(alphabet[usize::from(value) % N])
}
