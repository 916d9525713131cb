#[cfg(test)]
mod tests;

use crate::call::Call;
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::borrow::Cow;
use subtle::ConstantTimeEq;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Algorithm {
    Sha1,
    Sha256,
    Sha512,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum KeyEncoding {
    Plain,
    Base64,
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

pub(crate) fn hmac(
    call: &Call,
    algorithm: Algorithm,
    key: &[u8],
    encoding: KeyEncoding,
    message: &[u8],
) -> Vec<u8> {
    if key.len().saturating_add(message.len()) > MOST {
        return Vec::new();
    }
    let Some(key) = decoded(call.secrets.fill(key), encoding) else {
        return Vec::new();
    };
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

/// With padding or without: people copy keys by hand.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// None: it is not written so, or there is nothing in it. Everybody can sign with an empty key.
fn decoded(key: Cow<'_, [u8]>, encoding: KeyEncoding) -> Option<Cow<'_, [u8]>> {
    match encoding {
        KeyEncoding::Plain => Some(key),
        KeyEncoding::Base64 => {
            let digits = key.strip_prefix(b"whsec_").unwrap_or(&key);
            let bytes = BASE64.decode(digits).ok()?;
            (!bytes.is_empty()).then_some(Cow::Owned(bytes))
        }
    }
}

fn sign<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    M::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mac| mac.chain_update(message).finalize().into_bytes().to_vec(),
    )
}
