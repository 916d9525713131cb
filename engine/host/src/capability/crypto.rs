#[cfg(test)]
mod tests;

use crate::call::Call;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Algorithm {
    Sha1,
    Sha256,
    Sha512,
}

/// Most bytes that one operation takes. More has a result without bytes, which is equal to nothing.
const MOST: usize = 32 << 20;

pub(crate) fn digest(algorithm: Algorithm, data: &[u8]) -> Vec<u8> {
    if data.len() > MOST {
        return Vec::new();
    }
    match algorithm {
        Algorithm::Sha1 => Sha1::digest(data).to_vec(),
        Algorithm::Sha256 => Sha256::digest(data).to_vec(),
        Algorithm::Sha512 => Sha512::digest(data).to_vec(),
    }
}

pub(crate) fn hmac(call: &Call, algorithm: Algorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    if key.len().saturating_add(message.len()) > MOST {
        return Vec::new();
    }
    let key = call.secrets.fill(key);
    let message = call.secrets.fill(message);
    match algorithm {
        Algorithm::Sha1 => sign::<Hmac<Sha1>>(&key, &message),
        Algorithm::Sha256 => sign::<Hmac<Sha256>>(&key, &message),
        Algorithm::Sha512 => sign::<Hmac<Sha512>>(&key, &message),
    }
}

pub(crate) fn equal(call: &Call, left: &[u8], right: &[u8]) -> bool {
    let left = call.secrets.fill(left);
    let right = call.secrets.fill(right);
    // A secret that was left empty must not make an empty token pass.
    !left.is_empty() && bool::from(left.ct_eq(&right))
}

fn sign<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    M::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mac| mac.chain_update(message).finalize().into_bytes().to_vec(),
    )
}
