//! Passwords: argon2id with 19 MiB and two passes (OWASP's first choice). Hashing takes a core for tens of milliseconds,
//! so it runs beside the async threads and never more than twice at a time.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use rand::seq::IndexedRandom as _;
use std::{sync::LazyLock, time::Duration};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Longest and shortest password, in characters.
pub const LONGEST: usize = 200;
const SHORTEST: usize = 8;

/// Without letters and digits that are mistaken for one another.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

static SLOTS: Semaphore = Semaphore::const_new(2);
/// How long somebody waits for a turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// What an unknown user's password is compared with, so that the answer takes as long as a known one's.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash_now("nobody's password").unwrap_or_default());

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("cannot hash a password: {0}")]
    Hash(#[from] password_hash::Error),
    #[error("cannot hash a password: {0}")]
    Params(#[from] argon2::Error),
    #[error("password hashing was interrupted")]
    Interrupted,
    #[error("too many passwords are to be hashed")]
    Busy,
}

/// Leave to hash one password.
pub struct Turn {
    _slot: SemaphorePermit<'static>,
}

/// At least 8 characters, upper and lower case and a digit among them.
pub fn is_strong(password: &str) -> bool {
    password.chars().count() >= SHORTEST
        && password.chars().any(char::is_uppercase)
        && password.chars().any(char::is_lowercase)
        && password.chars().any(|c| c.is_ascii_digit())
}

/// A strong one of 20 characters: about 116 bits.
pub fn make_up() -> String {
    let mut random = rand::rng();
    loop {
        let password: String = (0..20)
            .filter_map(|_| ALPHABET.choose(&mut random))
            .map(|letter| char::from(*letter))
            .collect();
        if is_strong(&password) {
            return password;
        }
    }
}

/// Waits for a turn, not for long.
pub async fn turn() -> Result<Turn, PasswordError> {
    turn_within(PATIENCE).await
}

async fn turn_within(patience: Duration) -> Result<Turn, PasswordError> {
    let slot = tokio::time::timeout(patience, SLOTS.acquire()).await;
    let slot = slot.map_err(|_| PasswordError::Busy)?;
    let slot = slot.map_err(|_| PasswordError::Interrupted)?;
    Ok(Turn { _slot: slot })
}

/// In the PHC string format.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    let turn = turn().await?;
    beside(turn, move || hash_now(&password)).await?
}

/// `None` stands for a user that is not there: never right, and as slow.
pub async fn is_right(
    turn: Turn,
    password: String,
    stored: Option<String>,
) -> Result<bool, PasswordError> {
    beside(turn, move || {
        let known = stored.is_some();
        let hash = stored.unwrap_or_else(|| NOBODY.clone());
        let Ok(hash) = PasswordHash::new(&hash) else {
            return false;
        };
        let right = Argon2::default().verify_password(password.as_bytes(), &hash);
        known && right.is_ok()
    })
    .await
}

fn hash_now(password: &str) -> Result<String, PasswordError> {
    let params = Params::new(19_456, 2, 1, None)?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = hasher.hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

async fn beside<T: Send + 'static>(
    turn: Turn,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PasswordError> {
    // The turn goes with the work: it is taken even when the caller has gone.
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    })
    .await
    .map_err(|_| PasswordError::Interrupted)
}

#[cfg(test)]
mod tests;
