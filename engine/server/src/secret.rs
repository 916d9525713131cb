//! Secrets at rest: XChaCha20-Poly1305 under the key from the configuration or from `secret.key` in the data directory.
//! A stored value is `v1:<key id>:<base64 of nonce and ciphertext>`; the associated data is where it is stored, so that a
//! value copied to another row or column does not open.

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::{
    fs,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::Arc,
};

/// What the API shows in place of a secret; sent back in an update, it keeps the stored value.
pub const MASK: &str = "******";

const NONCE_BYTES: usize = 24;

#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    cipher: XChaCha20Poly1305,
    key_id: String,
    token_key: [u8; 32],
}

/// Where a secret is stored.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub row: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(
        "a stored secret does not open: the secret key is another one, or the value was altered or moved"
    )]
    Sealed,
}

impl Vault {
    /// Takes the key from `configured` (base64) or from `secret.key`, which the first start makes with mode 0600.
    pub fn open(configured: &str, data_dir: &Path) -> anyhow::Result<Self> {
        let key = if configured.is_empty() {
            key_from_file(&data_dir.join("secret.key"))?
        } else {
            decode_key(configured).context("secrets.key")?
        };
        Ok(Self::new(&key))
    }

    fn new(key: &[u8; 32]) -> Self {
        Self(Arc::new(Keys {
            cipher: XChaCha20Poly1305::new(&derive(key, b"push-notify secrets at rest").into()),
            key_id: hex::encode(&derive(key, b"push-notify key id")[..4]),
            token_key: derive(key, b"push-notify access tokens"),
        }))
    }

    /// The key that signs access tokens; another one than encrypts secrets.
    pub fn token_key(&self) -> &[u8; 32] {
        &self.0.token_key
    }

    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> String {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: &place.associated_data(),
        };
        let sealed = self
            .0
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .unwrap_or_default();
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        format!("v1:{}:{}", self.0.key_id, BASE64.encode(bytes))
    }

    pub fn open_bytes(&self, place: Place<'_>, stored: &str) -> Result<Vec<u8>, VaultError> {
        let encoded = stored
            .strip_prefix("v1:")
            .and_then(|rest| rest.split_once(':'))
            .map(|(_, encoded)| encoded)
            .ok_or(VaultError::Sealed)?;
        let bytes = BASE64.decode(encoded).map_err(|_| VaultError::Sealed)?;
        let (nonce, sealed) = bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(VaultError::Sealed)?;
        let payload = Payload {
            msg: sealed,
            aad: &place.associated_data(),
        };
        self.0
            .cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| VaultError::Sealed)
    }

    pub fn open_text(&self, place: Place<'_>, stored: &str) -> Result<String, VaultError> {
        String::from_utf8(self.open_bytes(place, stored)?).map_err(|_| VaultError::Sealed)
    }
}

impl Place<'_> {
    fn associated_data(&self) -> Vec<u8> {
        format!("{}/{}/{}", self.table, self.column, self.row).into_bytes()
    }
}

fn derive(key: &[u8; 32], purpose: &[u8]) -> [u8; 32] {
    // A key shorter than the digest's block is padded with zeros (RFC 2104): done here, `new` cannot fail.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
    mac.update(purpose);
    mac.finalize().into_bytes().into()
}

fn decode_key(text: &str) -> anyhow::Result<[u8; 32]> {
    BASE64
        .decode(text.trim())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .context("not 32 bytes in base64 (make one with `openssl rand -base64 32`)")
}

fn key_from_file(path: &Path) -> anyhow::Result<[u8; 32]> {
    let shown = path.display();
    match fs::read_to_string(path) {
        Ok(text) => {
            let mode = fs::metadata(path)?.permissions().mode();
            anyhow::ensure!(
                mode & 0o077 == 0,
                "{shown} can be read by others: run `chmod 600 {shown}`"
            );
            decode_key(&text).with_context(|| shown.to_string())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            make_key_file(path).with_context(|| format!("cannot make {shown}"))?;
            key_from_file(path)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {shown}")),
    }
}

/// Nobody sees it half written, also not after a crash; and of several servers on one folder that start at once, one makes it.
fn make_key_file(path: &Path) -> std::io::Result<()> {
    let key: [u8; 32] = rand::random();
    let unfinished = path.with_extension(format!("key.{:016x}", rand::random::<u64>()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(BASE64.encode(key).as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
