//! What proves a delivery where the host's own way is missing.

use super::unauthenticated;
use crate::{Rejection, Secret, Webhook, crypto};

/// For senders that can add no more than a fixed header: `X-Webhook-Secret` is the secret itself.
/// Ask only for a delivery without the host's own proof, which says more, and give what is missing
/// then as the reason.
pub fn plain_secret(webhook: &Webhook, secret: &Secret, missing: &str) -> Result<(), Rejection> {
    match webhook.header("x-webhook-secret") {
        Some(sent) if crypto::equal(secret, sent) => Ok(()),
        None | Some("") => Err(unauthenticated(missing)),
        Some(_) => Err(unauthenticated(
            "X-Webhook-Secret is not the webhook secret",
        )),
    }
}
