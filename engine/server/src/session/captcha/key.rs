//! A captcha's key holds the answer, sealed: nothing has to be kept until one is used.

use super::{glyph, picture};
use crate::app::App;
use moka::sync::Cache;
use push_notify_core::{
    clock::Micros,
    random,
    secret::{Place, Vault, VaultError},
};
use rand::seq::IndexedRandom as _;
use serde::{Deserialize, Serialize};
use std::time::Duration;

pub const LIFETIME_SECONDS: u32 = 300;
const LETTERS: usize = 5;
const PLACE: Place<'static> = Place {
    table: "captcha",
    column: "key",
    row: 0,
};

/// What a key says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captcha {
    id: u64,
    pub answer: String,
    expires_at: Micros,
}

/// The captchas that this node has seen an answer to, right or wrong: each is good for one try.
/// Those of other nodes are marked in what nodes share.
#[derive(Clone)]
pub struct Used(Cache<u64, ()>);

impl Default for Used {
    fn default() -> Self {
        let lifetime = Duration::from_secs(LIFETIME_SECONDS.into());
        Self(
            Cache::builder()
                .max_capacity(100_000)
                .time_to_live(lifetime)
                .build(),
        )
    }
}

/// A key and the PNG that goes with it.
pub fn make(app: &App) -> Result<(String, Vec<u8>), png::EncodingError> {
    let mut random = random::generator();
    let captcha = Captcha {
        id: random::any(),
        answer: (0..LETTERS)
            .filter_map(|_| glyph::LETTERS.choose(&mut random))
            .map(|glyph| glyph.letter)
            .collect(),
        expires_at: app.clock.now_us() + i64::from(LIFETIME_SECONDS) * 1_000_000,
    };
    let picture = picture::draw(&captcha.answer, &mut random)?;
    let plain = serde_json::json!(captcha).to_string();
    Ok((app.vault.seal(PLACE, plain.as_bytes()), picture))
}

pub fn open(vault: &Vault, key: &str) -> Result<Captcha, VaultError> {
    let plain = vault.open_bytes(PLACE, key)?;
    serde_json::from_slice(&plain).map_err(|_| VaultError::Sealed)
}

/// Whether this is the answer, given for the first time and in time. Case does not count.
pub async fn is_solved(app: &App, key: &str, answer: &str) -> bool {
    let Ok(captcha) = open(&app.vault, key) else {
        return false;
    };
    let lifetime = Duration::from_secs(LIFETIME_SECONDS.into());
    let fresh = app.captchas.0.entry(captcha.id).or_insert(()).is_fresh()
        && app
            .shared
            .mark(&format!("captcha:{:016x}", captcha.id), lifetime)
            .await;
    fresh
        && captcha.expires_at > app.clock.now_us()
        && captcha.answer.eq_ignore_ascii_case(answer.trim())
}
