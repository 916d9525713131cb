//! XChaCha20-Poly1305 under one of the server's keys. A stored value is
//! `v1:<key id>:<base64 of nonce and ciphertext>`; the associated data is where it is stored, so
//! that a value copied to another row or column does not open.

use super::Key;
use crate::random;
use arc_swap::ArcSwap;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::sync::Arc;

/// What the API shows in place of a secret; sent back in an update, it keeps the stored value.
pub const MASK: &str = "******";

const NONCE_BYTES: usize = 24;

/// Seals with the current key, and opens what any of the keys has sealed.
#[derive(Clone)]
pub struct Vault(Arc<ArcSwap<Vec<CipherKey>>>);

/// What is made of a key. The first of the vault's is the current one.
struct CipherKey {
    cipher: XChaCha20Poly1305,
    key_id: String,
    token_key: [u8; 32],
}

/// Where a secret is stored.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    /// A plain number: `table` says of which.
    pub row: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("a stored secret does not open: the value was altered or moved")]
    Sealed,
    #[error(
        "a stored secret was sealed by the key {0}, which this server does not have: give it back in `secrets.previous_keys` \
         or as a line of secret.key"
    )]
    UnknownKey(String),
}

impl Vault {
    /// The current key, and those that open what was sealed before.
    pub fn new(current: &Key, previous: &[Key]) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(cipher_keys(
            current, previous,
        ))))
    }

    /// From now on.
    pub fn replace_keys(&self, current: &Key, previous: &[Key]) {
        self.0.store(Arc::new(cipher_keys(current, previous)));
    }

    /// Of the current key.
    pub fn key_id(&self) -> String {
        let cipher_keys = self.0.load();
        cipher_keys
            .first()
            .map_or_else(String::new, |cipher_key| cipher_key.key_id.clone())
    }

    /// Of all keys, the current one first.
    pub fn key_ids(&self) -> Vec<String> {
        self.0
            .load()
            .iter()
            .map(|cipher_key| cipher_key.key_id.clone())
            .collect()
    }

    /// The keys that access tokens may be signed with, the current one first; others than encrypt
    /// secrets.
    pub fn token_keys(&self) -> Vec<[u8; 32]> {
        self.0
            .load()
            .iter()
            .map(|cipher_key| cipher_key.token_key)
            .collect()
    }

    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> String {
        let nonce: [u8; NONCE_BYTES] = random::any();
        let payload = Payload {
            msg: plain,
            aad: &place.associated_data(),
        };
        let cipher_keys = self.0.load();
        let Some(cipher_key) = cipher_keys.first() else {
            return String::new();
        };
        let sealed = cipher_key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .unwrap_or_default();
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        format!("v1:{}:{}", cipher_key.key_id, BASE64.encode(bytes))
    }

    pub fn open_bytes(&self, place: Place<'_>, stored: &str) -> Result<Vec<u8>, VaultError> {
        let (key_id, encoded) = parts(stored).ok_or(VaultError::Sealed)?;
        let cipher_keys = self.0.load();
        let cipher_key = cipher_keys
            .iter()
            .find(|cipher_key| cipher_key.key_id == key_id)
            .ok_or_else(|| VaultError::UnknownKey(key_id.to_owned()))?;
        let bytes = BASE64.decode(encoded).map_err(|_| VaultError::Sealed)?;
        let (nonce, sealed) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(VaultError::Sealed)?;
        let payload = Payload {
            msg: sealed,
            aad: &place.associated_data(),
        };
        cipher_key
            .cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| VaultError::Sealed)
    }

    pub fn open_text(&self, place: Place<'_>, stored: &str) -> Result<String, VaultError> {
        String::from_utf8(self.open_bytes(place, stored)?).map_err(|_| VaultError::Sealed)
    }
}

/// The id of the key that sealed a stored value. None: it is not a sealed value.
pub fn key_id_of(stored: &str) -> Option<&str> {
    parts(stored).map(|(key_id, _)| key_id)
}

fn parts(stored: &str) -> Option<(&str, &str)> {
    stored.strip_prefix("v1:")?.split_once(':')
}

impl Place<'_> {
    fn associated_data(&self) -> Vec<u8> {
        format!("{}/{}/{}", self.table, self.column, self.row).into_bytes()
    }
}

fn cipher_keys(current: &Key, previous: &[Key]) -> Vec<CipherKey> {
    let mut cipher_keys: Vec<CipherKey> = Vec::with_capacity(1 + previous.len());
    for key in std::iter::once(current).chain(previous) {
        let cipher_key = CipherKey::of(key);
        if cipher_keys
            .iter()
            .all(|other| other.key_id != cipher_key.key_id)
        {
            cipher_keys.push(cipher_key);
        }
    }
    cipher_keys
}

impl CipherKey {
    fn of(key: &Key) -> Self {
        let key = key.bytes();
        Self {
            cipher: XChaCha20Poly1305::new(&derive(key, b"push-notify secrets at rest").into()),
            key_id: hex::encode(&derive(key, b"push-notify key id")[..4]),
            token_key: derive(key, b"push-notify access tokens"),
        }
    }
}

fn derive(key: &[u8; 32], purpose: &[u8]) -> [u8; 32] {
    // A key shorter than the digest's block is padded with zeros (RFC 2104): done here, `new`
    // cannot fail.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
    mac.update(purpose);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
