//! `X-Gitee-Token`: the password as it is, or the signature `base64(HMAC-SHA256(secret,
//! "{X-Gitee-Timestamp}\n{secret}"))`. <https://help.gitee.com/webhook/how-to-verify-webhook-keys>
//!
//! The signature says nothing of the body: whoever sees one can send any body with it. So it holds
//! for an hour and for one body.

use crate::{Config, Mode, nonce};
use push_notify_sdk::{
    Rejection, Secret, Webhook, clock, crypto,
    delivery::{self, plain_secret, unauthenticated},
};

/// Gitee's own, in both directions.
pub(crate) const WINDOW_MS: u64 = 60 * 60 * 1000;

/// Fails unless the delivery proves in the way that the repository is set to that its sender knows
/// the secret, or shows it as `X-Webhook-Secret` because it has no way of its own. A repository
/// without a secret receives nothing.
pub(crate) fn check(webhook: &Webhook, config: &Config) -> Result<(), Rejection> {
    let repository = &config.repository;
    let secret = delivery::secret(repository.webhook_secret.as_ref())?;
    let Some(token) = header(webhook, "x-gitee-token") else {
        return plain_secret(webhook, secret, "there is no X-Gitee-Token header");
    };
    match config.signature {
        Mode::Password if crypto::equal(secret, token) => Ok(()),
        Mode::Password => refused("X-Gitee-Token is not the repository's password"),
        Mode::Sign => check_sign(webhook, token, secret, &repository.url),
    }
}

fn check_sign(webhook: &Webhook, token: &str, secret: &Secret, url: &str) -> Result<(), Rejection> {
    let timestamp = header(webhook, "x-gitee-timestamp").unwrap_or_default();
    let Some(sent_ms) = milliseconds(timestamp) else {
        return refused("X-Gitee-Timestamp is not a time in milliseconds");
    };
    let signed = format!("{timestamp}\n{secret}");
    let sign = crypto::base64(crypto::hmac_sha256(secret, signed));
    if !crypto::equal(&sign, token) && !crypto::equal(&sign, percent_decoded(token)) {
        return refused(
            "X-Gitee-Token is not the signature of X-Gitee-Timestamp (a webhook with a password needs `signature` = `password`)",
        );
    }
    let now_ms = clock::now_ms();
    if now_ms.abs_diff(sent_ms) > WINDOW_MS {
        return refused("X-Gitee-Timestamp is more than an hour away from now");
    }
    if nonce::is_first_or_same(url, timestamp, &sign, &webhook.body) {
        Ok(())
    } else {
        refused("X-Gitee-Token was used for another body")
    }
}

fn header<'a>(webhook: &'a Webhook, name: &str) -> Option<&'a str> {
    webhook.header(name).filter(|value| !value.is_empty())
}

fn refused(reason: &str) -> Result<(), Rejection> {
    Err(unauthenticated(reason))
}

/// Digits only: a sign or a space would be another text to sign.
fn milliseconds(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Gitee's documentation encodes the signature for a URL, Gitee itself does not. A `+` stays: it is
/// a digit of base64.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| after.split_at_checked(2))
            .flatten()
            .and_then(|(digits, after)| {
                let byte = crypto::unhex(str::from_utf8(digits).ok()?)?;
                Some((byte, after))
            });
        match escaped {
            Some((byte, after)) => {
                bytes.extend(byte);
                rest = after;
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}
