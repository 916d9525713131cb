//! Standard Webhooks: `webhook-signature` has one or more of `v1,` and the base64 of an HMAC-SHA256
//! of id, time and body.
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use push_notify_sdk::{Rejection, Secret, Webhook, clock, crypto, delivery::unauthenticated};

/// How far the sender's clock may be from ours, in seconds; the window in which a recorded delivery
/// could be sent again.
const WINDOW: u64 = 5 * 60;

/// Fails unless one of `signatures` is what `secret` makes. GitLab takes signing tokens of the form
/// `whsec_` and base64, which stand for their bytes; a secret that somebody made up is its own key.
pub(crate) fn check(webhook: &Webhook, signatures: &str, secret: &Secret) -> Result<(), Rejection> {
    let refused = |reason| Err(unauthenticated(reason));
    let header = |name| webhook.header(name).filter(|value| !value.is_empty());
    let (Some(id), Some(timestamp)) = (header("webhook-id"), header("webhook-timestamp")) else {
        return refused("webhook-signature needs webhook-id and webhook-timestamp beside it");
    };
    let Ok(seconds) = timestamp.parse::<u64>() else {
        return refused("webhook-timestamp is not a number of seconds");
    };
    if seconds.abs_diff(clock::now_ms() / 1000) > WINDOW {
        return refused("webhook-timestamp is more than five minutes from now");
    }
    let prefix = format!("{id}.{timestamp}.");
    let signed = [prefix.as_bytes(), &webhook.body].concat();
    let carries = |mac: Vec<u8>| {
        let expected = crypto::base64(mac);
        signatures
            .split(' ')
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .any(|sent| crypto::equal(&expected, sent))
    };
    if carries(crypto::hmac_sha256_by_base64(secret, &signed))
        || carries(crypto::hmac_sha256(secret, &signed))
    {
        Ok(())
    } else {
        refused("webhook-signature does not match the body")
    }
}
