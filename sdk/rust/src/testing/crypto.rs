use crate::bindings::host::push_notify::plugin::crypto::Algorithm;
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
