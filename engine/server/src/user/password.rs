//! Passwords: argon2id with 19 MiB and two passes (OWASP's first choice). Hashing takes a core for
//! tens of milliseconds, so it runs beside the async threads and a server never does more than two
//! at a time.

use crate::http::ApiError;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use push_notify_core::random;
use rand::seq::IndexedRandom as _;
use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longest and shortest password, in characters.
pub const LONGEST: usize = 200;
const SHORTEST: usize = 8;

/// Without letters and digits that are mistaken for one another.
const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// How many passwords a server hashes at a time.
const AT_ONCE: usize = 2;
/// How long a request waits until it may hash a password.
const PERMIT_TIMEOUT: Duration = Duration::from_secs(5);

/// What an unknown user's password is compared with, so that the answer takes as long as a known
/// one's.
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

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::busy(),
            error => Self::internal(error),
        }
    }
}

/// Hashes passwords for one server.
pub struct Hasher(Arc<Semaphore>);

/// Allows to hash one password.
pub struct HashPermit(OwnedSemaphorePermit);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Hasher {
    /// Waits until a password may be hashed, for at most five seconds.
    pub async fn permit(&self) -> Result<HashPermit, PasswordError> {
        self.permit_within(PERMIT_TIMEOUT).await
    }

    async fn permit_within(&self, timeout: Duration) -> Result<HashPermit, PasswordError> {
        let permit = tokio::time::timeout(timeout, self.0.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| PasswordError::Busy)?;
        let permit = permit.map_err(|_| PasswordError::Interrupted)?;
        Ok(HashPermit(permit))
    }

    /// In the PHC string format.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let permit = self.permit().await?;
        permit.spend(move || hash_now(&password)).await?
    }
}

impl HashPermit {
    /// `None` stands for a user that is not there: never right, and as slow.
    pub async fn is_right(
        self,
        password: String,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        self.spend(move || {
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

    async fn spend<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        // The permit goes with the work: it is taken even when the caller has gone.
        tokio::task::spawn_blocking(move || {
            let _permit = self.0;
            work()
        })
        .await
        .map_err(|_| PasswordError::Interrupted)
    }
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
    let mut random = random::generator();
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

fn hash_now(password: &str) -> Result<String, PasswordError> {
    let params = Params::new(19_456, 2, 1, None)?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = hasher.hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests;
