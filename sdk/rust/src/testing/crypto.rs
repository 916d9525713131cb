use crate::bindings::host::push_notify::plugin::crypto::{Algorithm, KeyEncoding};
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

pub(super) fn digest(algorithm: Algorithm, data: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha1 => Sha1::digest(data).to_vec(),
        Algorithm::Sha256 => Sha256::digest(data).to_vec(),
        Algorithm::Sha512 => Sha512::digest(data).to_vec(),
    }
}

pub(super) fn hmac(algorithm: Algorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha1 => authenticate::<Hmac<Sha1>>(key, message),
        Algorithm::Sha256 => authenticate::<Hmac<Sha256>>(key, message),
        Algorithm::Sha512 => authenticate::<Hmac<Sha512>>(key, message),
    }
}

/// A key as the engine reads it: none when it is not written so, or empty in base64.
pub(super) fn decoded(key: Vec<u8>, encoding: KeyEncoding) -> Option<Vec<u8>> {
    match encoding {
        KeyEncoding::Plain => Some(key),
        KeyEncoding::Base64 => {
            let digits = key.strip_prefix(b"whsec_").unwrap_or(&key);
            unbase64(digits).filter(|bytes| !bytes.is_empty())
        }
    }
}

/// RFC 4648 section 4; padding is optional.
fn unbase64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text
        .strip_suffix(b"==")
        .or_else(|| text.strip_suffix(b"="))
        .unwrap_or(text);
    if digits.len() != text.len() && !text.len().is_multiple_of(4) {
        return None;
    }
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    // What is left over is neither a whole digit nor anything but zeros.
    (bits < 6 && held == 0).then_some(bytes)
}

fn authenticate<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

pub(super) fn equal(left: &[u8], right: &[u8]) -> bool {
    !left.is_empty() && !right.is_empty() && bool::from(left.ct_eq(right))
}

/// `bytes` with each placeholder replaced by the secret that it stands for.
pub(super) fn reveal(bytes: &[u8], secrets: &[(String, String)]) -> Vec<u8> {
    let mut revealed = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        let found = secrets.iter().find(|(placeholder, _)| {
            !placeholder.is_empty() && rest.starts_with(placeholder.as_bytes())
        });
        match found {
            Some((placeholder, value)) => {
                revealed.extend_from_slice(value.as_bytes());
                rest = &rest[placeholder.len()..];
            }
            None => {
                revealed.push(*first);
                rest = &rest[1..];
            }
        }
    }
    revealed
}
