//! `X-Hub-Signature-256`: HMAC-SHA256 of the body as it arrived, form encoding included.
//! <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>

use push_notify_sdk::{
    Rejection, Secret, Webhook, crypto,
    delivery::{self, plain_secret, unauthenticated},
};

/// Fails unless the delivery carries the signature that `secret` makes, or, without any, the secret
/// itself as `X-Webhook-Secret`. There is no way around it: a repository without a secret receives
/// nothing, and the SHA-1 signature that GitHub sends beside this one is not looked at.
pub(crate) fn check(webhook: &Webhook, secret: Option<&Secret>) -> Result<(), Rejection> {
    let refused = |reason| Err(unauthenticated(reason));
    let secret = delivery::secret(secret)?;
    let Some(header) = webhook
        .header("x-hub-signature-256")
        .filter(|value| !matches!(*value, "" | "sha256="))
    else {
        return plain_secret(webhook, secret, "there is no X-Hub-Signature-256 header");
    };
    // Upper-case digits are the same signature; `unhex` takes both.
    let sent = header
        .strip_prefix("sha256=")
        .and_then(crypto::unhex)
        .filter(|mac| mac.len() == 32);
    let Some(sent) = sent else {
        return refused("X-Hub-Signature-256 is not `sha256=` and 64 hexadecimal digits");
    };
    if crypto::equal(crypto::hmac_sha256(secret, &webhook.body), &sent) {
        Ok(())
    } else {
        refused("X-Hub-Signature-256 does not match the body")
    }
}
