//! The key itself: `pnk_` and 160 random bits. What is kept is its digest, for which a plain
//! SHA-256 is enough: nobody guesses 160 bits.

use push_notify_core::random;
use sha2::{Digest as _, Sha256};

pub const PREFIX: &str = "pnk_";
/// Of the key, shown so that people can tell keys apart.
const SHOWN: usize = 12;

pub(super) struct NewKey {
    pub(super) text: String,
    pub(super) digest: String,
    pub(super) prefix: String,
}

impl NewKey {
    pub(super) fn make_up() -> Self {
        let text = format!("{PREFIX}{}", random::hex::<20>());
        Self {
            digest: digest(&text),
            prefix: text.chars().take(SHOWN).collect(),
            text,
        }
    }
}

pub fn digest(key: &str) -> String {
    hex::encode(Sha256::digest(key))
}
