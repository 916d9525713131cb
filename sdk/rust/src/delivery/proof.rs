//! What proves a delivery, in the ways that senders share.

use super::{body::form_decoded, unauthenticated};
use crate::{Rejection, Secret, Webhook, crypto};

/// For a host that signs the body as it arrived, by HMAC-SHA256: `header` is `prefix` and the
/// hexadecimal digits. Fails unless they are those that `secret` makes, or, where there are none,
/// the delivery carries the secret itself ([`plain_secret`]). There is no way around it: a
/// repository without a secret receives nothing.
pub fn signed_body(
    webhook: &Webhook,
    secret: Option<&Secret>,
    header: &str,
    prefix: &str,
) -> Result<(), Rejection> {
    let secret = super::secret(secret)?;
    let sent = webhook.header(header);
    let Some(sent) = sent.filter(|value| !value.is_empty() && *value != prefix) else {
        return plain_secret(webhook, secret, &format!("there is no {header} header"));
    };
    // Upper-case digits are the same signature; `unhex` takes both.
    let digits = sent.strip_prefix(prefix).and_then(crypto::unhex);
    let Some(mac) = digits.filter(|mac| mac.len() == 32) else {
        let before = match prefix {
            "" => String::new(),
            prefix => format!("`{prefix}` and "),
        };
        let reason = format!("{header} is not {before}64 hexadecimal digits");
        return Err(unauthenticated(&reason));
    };
    match crypto::equal(crypto::hmac_sha256(secret, &webhook.body), mac) {
        true => Ok(()),
        false => Err(unauthenticated(&format!(
            "{header} does not match the body"
        ))),
    }
}

/// For a sender that shows the secret in an `Authorization` header, whose value this is: as a
/// bearer token, as the password of basic authentication, of whatever user, or as it stands.
pub fn authorization(value: &str, secret: &Secret) -> Result<(), Rejection> {
    let (scheme, rest) = value.split_once(' ').unwrap_or_default();
    let rest = rest.trim();
    let is_secret = if scheme.eq_ignore_ascii_case("bearer") {
        crypto::equal(secret, rest)
    } else if scheme.eq_ignore_ascii_case("basic") {
        let plain = crypto::unbase64(rest).unwrap_or_default();
        let colon = plain.iter().position(|byte| *byte == b':');
        colon.is_some_and(|colon| crypto::equal(secret, &plain[colon + 1..]))
    } else {
        crypto::equal(secret, value)
    };
    match is_secret {
        true => Ok(()),
        false => Err(unauthenticated(
            "Authorization is not by the webhook secret",
        )),
    }
}

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

/// The same for senders that may have nothing but an address: without the header, `token` in the
/// query is the secret, written as in a form.
pub fn plain_or_query_secret(
    webhook: &Webhook,
    secret: &Secret,
    missing: &str,
) -> Result<(), Rejection> {
    let mut parts = webhook.query.split('&');
    let token = parts.find_map(|part| part.strip_prefix("token="));
    let has_header = webhook
        .header("x-webhook-secret")
        .is_some_and(|it| !it.is_empty());
    match token.filter(|token| !token.is_empty() && !has_header) {
        None => plain_secret(webhook, secret, missing),
        Some(token) => match crypto::equal(secret, form_decoded(&mut token.as_bytes().to_vec())) {
            true => Ok(()),
            false => Err(unauthenticated(
                "`token` in the query is not the webhook secret",
            )),
        },
    }
}
