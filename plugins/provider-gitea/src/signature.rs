//! HMAC-SHA256 of the JSON text, also where a form carries it (`services/webhook/deliver.go` of
//! Gitea). It is sent under several names.

use crate::receive::present;
use push_notify_sdk::{
    Rejection, Secret, Webhook, crypto,
    delivery::{self, unauthenticated},
};

/// Bare hexadecimal digits.
const BARE: [&str; 3] = [
    "x-forgejo-signature",
    "x-gitea-signature",
    "x-gogs-signature",
];
/// With `sha256=` before them, as GitHub has it.
const PREFIXED: &str = "x-hub-signature-256";

/// The JSON of a delivery that carries the signature that `secret` makes, or, without any, the
/// secret itself as `X-Webhook-Secret`. A repository without a secret receives nothing, and the
/// SHA-1 signature in `X-Hub-Signature` is not looked at.
pub(crate) fn payload<'a>(
    webhook: &'a mut Webhook,
    secret: Option<&Secret>,
) -> Result<&'a mut [u8], Rejection> {
    let secret = delivery::secret(secret)?;
    let Some(sent) = sent(webhook) else {
        let missing = "there is no X-Gitea-Signature header";
        delivery::plain_secret(webhook, secret, missing)?;
        return delivery::json(webhook);
    };
    // Upper-case digits are the same signature; `unhex` takes both.
    let Some(sent) = crypto::unhex(sent).filter(|mac| mac.len() == 32) else {
        return Err(unauthenticated(
            "the signature is not 64 hexadecimal digits",
        ));
    };
    // Without its payload there is nothing that the signature could be of.
    let Ok(json) = delivery::json(webhook) else {
        return Err(unauthenticated(
            "the form has no field `payload` that is signed",
        ));
    };
    if crypto::equal(crypto::hmac_sha256(secret, &*json), &sent) {
        Ok(json)
    } else {
        Err(unauthenticated("the signature does not match the payload"))
    }
}

/// The first signature there is. A hook without a secret sends the headers all the same, with
/// nothing in them.
fn sent(webhook: &Webhook) -> Option<&str> {
    let prefixed = || webhook.header(PREFIXED)?.strip_prefix("sha256=");
    present(webhook, &BARE)
        .or_else(prefixed)
        .filter(|digits| !digits.is_empty())
}
