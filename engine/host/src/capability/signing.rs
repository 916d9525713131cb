//! Signatures by private keys that are secrets of a plugin's settings.

#[cfg(test)]
mod tests;

use super::crypto::BASE64;
use crate::call::Call;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::Engine as _;
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signing {
    Ed25519,
    RsaSha256,
    EcdsaSha256,
}

/// Most bytes of a message.
const MOST: usize = 32 << 20;

/// What is wrong with the key, else; of what is in it, that says nothing.
type Signature = Result<Vec<u8>, &'static str>;

pub(crate) fn sign(call: &Call, algorithm: Signing, key: &str, message: &[u8]) -> Signature {
    if message.len() > MOST {
        return Err("the message is too long to be signed");
    }
    let key = call.secrets.fill_text(key);
    let message = call.secrets.fill(message);
    match algorithm {
        Signing::Ed25519 => ed25519(&key, &message),
        Signing::RsaSha256 => rsa_sha256(&key, &message),
        Signing::EcdsaSha256 => ecdsa_sha256(&key, &message),
    }
}

/// PEM as people paste it: lines may have blanks around them, or `\\n` between them.
fn pem(key: &str) -> Result<PrivateKeyDer<'static>, &'static str> {
    let lines = key.replace("\\n", "\n");
    let lines: Vec<&str> = lines.trim().lines().map(str::trim).collect();
    PrivateKeyDer::from_pem_slice(lines.join("\n").as_bytes())
        .map_err(|_| "the key is not a private key in PEM form")
}

fn ed25519(key: &str, message: &[u8]) -> Signature {
    let wrong = |_| "the key is not an Ed25519 private key";
    let pair = match key.contains("-----BEGIN") {
        true => match pem(key)? {
            PrivateKeyDer::Pkcs8(der) => {
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()).map_err(wrong)?
            }
            _ => return Err("an Ed25519 key in PEM form is in PKCS#8"),
        },
        false => {
            let digits = key.trim();
            let digits = digits.strip_prefix("whsk_").unwrap_or(digits);
            let bytes = BASE64
                .decode(digits)
                .map_err(|_| "the key is neither PEM nor base64")?;
            // The seed alone, or with the public key behind it.
            match bytes.split_at_checked(32) {
                Some((seed, [])) => Ed25519KeyPair::from_seed_unchecked(seed).map_err(wrong)?,
                Some((seed, public)) => {
                    Ed25519KeyPair::from_seed_and_public_key(seed, public).map_err(wrong)?
                }
                None => return Err("an Ed25519 key has 32 bytes, or 64 with its public key"),
            }
        }
    };
    Ok(pair.sign(message).as_ref().to_vec())
}

fn rsa_sha256(key: &str, message: &[u8]) -> Signature {
    let pair = match pem(key)? {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err("the key is not an RSA private key"),
    };
    let pair = pair.map_err(|_| "the key is not an RSA private key of 2048 to 8192 bits")?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    )
    .map_err(|_| "the message cannot be signed with this key")?;
    Ok(signature)
}

fn ecdsa_sha256(key: &str, message: &[u8]) -> Signature {
    let wrong = |_| "the key is not a private key on P-256";
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = match pem(key)? {
        PrivateKeyDer::Pkcs8(der) => {
            EcdsaKeyPair::from_pkcs8(algorithm, der.secret_pkcs8_der()).map_err(wrong)?
        }
        PrivateKeyDer::Sec1(der) => {
            EcdsaKeyPair::from_private_key_der(algorithm, der.secret_sec1_der()).map_err(wrong)?
        }
        _ => return Err("the key is not a private key on P-256"),
    };
    let signature = pair.sign(&SystemRandom::new(), message);
    let signature = signature.map_err(|_| "the message cannot be signed with this key")?;
    Ok(signature.as_ref().to_vec())
}
