//! `X-Hub-Signature-256`: HMAC-SHA256 of the body as it arrived, form encoding included. The SHA-1
//! signature that GitHub sends beside it is not looked at.
//! <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>

use push_notify_sdk::{Rejection, Secret, Webhook, delivery};

pub(crate) fn check(webhook: &Webhook, secret: Option<&Secret>) -> Result<(), Rejection> {
    delivery::signed_body(webhook, secret, "X-Hub-Signature-256", "sha256=")
}
