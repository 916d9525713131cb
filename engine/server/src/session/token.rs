//! The tokens: JWT, HS256, with the API contract's claims and those that tie one to its use and its
//! session.

use crate::{app::App, user::User};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use push_notify_core::{id::UserId, random};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const ISSUER: &str = "push-notify";
const AUDIENCE: &str = "push-notify-api";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Access,
    Refresh,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub user_id: UserId,
    /// For whoever shows it; what a user may do is read from the database.
    pub role: String,
    /// Unix seconds.
    pub exp: i64,
    pub iat: i64,
    pub iss: String,
    pub aud: String,
    pub typ: Kind,
    /// The session.
    pub sid: String,
    /// Makes two tokens of one second differ.
    pub jti: String,
}

/// An access token and the refresh token that goes with it.
pub struct Pair {
    pub access: String,
    pub refresh: String,
}

pub fn issue(
    app: &App,
    user: &User,
    session_id: &str,
) -> Result<Pair, jsonwebtoken::errors::Error> {
    let now = app.clock.now_us() / 1_000_000;
    let keys = app.vault.token_keys();
    let key = EncodingKey::from_secret(keys.first().map_or(&[], |key| key.as_slice()));
    let sign = |typ: Kind, lifetime_seconds: u64| {
        let claims = Claims {
            user_id: user.id,
            role: user.role.name().to_owned(),
            exp: now.saturating_add_unsigned(lifetime_seconds),
            iat: now,
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            typ,
            sid: session_id.to_owned(),
            jti: random_id(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
    };
    Ok(Pair {
        access: sign(Kind::Access, app.config.auth.access_seconds)?,
        refresh: sign(Kind::Refresh, app.config.auth.refresh_seconds)?,
    })
}

/// The claims of a token that we signed for this use and that has not expired.
pub fn read(app: &App, kind: Kind, token: &str) -> Option<Claims> {
    let now = app.clock.now_us() / 1_000_000;
    // Of a previous key too: nobody is logged out by a rotation.
    let keys = app.vault.token_keys();
    keys.iter()
        .find_map(|key| decode(key, token))
        .filter(|claims| claims.typ == kind && claims.exp > now)
}

fn decode(key: &[u8], token: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    // Compared with our own clock instead, so that tests can step time.
    validation.validate_exp = false;
    jsonwebtoken::decode(token, &DecodingKey::from_secret(key), &validation)
        .ok()
        .map(|token| token.claims)
}

/// 128 random bits in hex.
pub fn random_id() -> String {
    random::hex::<16>()
}

/// What is kept of a refresh token.
pub fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

#[cfg(test)]
mod tests;
