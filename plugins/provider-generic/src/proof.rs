//! Who may deliver: whoever knows the webhook secret, and shows that as the administrator chose.
//! Only `hmac` and `standard_webhooks` are proofs of the body.

use push_notify_sdk::{
    Rejection, Secret, Webhook, clock, crypto,
    delivery::{self, unauthenticated},
};
use serde::Deserialize;

/// How far a clock may be off, and a delivery on its way, in seconds.
const TOLERANCE_S: u64 = 5 * 60;
const STANDARD_ID: &str = "webhook-id";
const STANDARD_TIMESTAMP: &str = "webhook-timestamp";
const STANDARD_SIGNATURE: &str = "webhook-signature";

#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub(crate) proof: Proof,
    signature_header: String,
    signature_algorithm: Algorithm,
    signature_encoding: Encoding,
    signature_prefix: String,
    basic_username: String,
    query_parameter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Proof {
    Hmac,
    Bearer,
    Basic,
    Query,
    StandardWebhooks,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Algorithm {
    Sha1,
    Sha256,
    Sha512,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Encoding {
    Hex,
    Base64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            proof: Proof::Bearer,
            signature_header: "X-Signature-256".to_owned(),
            signature_algorithm: Algorithm::Sha256,
            signature_encoding: Encoding::Hex,
            signature_prefix: String::new(),
            basic_username: String::new(),
            query_parameter: "token".to_owned(),
        }
    }
}

impl Settings {
    /// Whether a mapping must not see this header: it is, or proves, a secret.
    pub(crate) fn hides_header(&self, name: &str) -> bool {
        ["authorization", "cookie", STANDARD_SIGNATURE].contains(&name)
            || name.eq_ignore_ascii_case(&self.signature_header)
    }

    pub(crate) fn hides_parameter(&self, name: &str) -> bool {
        name == self.query_parameter
    }
}

/// A repository without a secret receives nothing.
pub(crate) fn check(
    webhook: &Webhook,
    settings: &Settings,
    secret: Option<&Secret>,
) -> Result<(), Rejection> {
    let secret = delivery::secret(secret)?;
    match settings.proof {
        Proof::Hmac => signed(webhook, settings, secret),
        Proof::Bearer => {
            let token = credentials(webhook, "bearer")?;
            shown(secret, token, "Authorization is not by the webhook secret")
        }
        Proof::Basic => basic(webhook, settings, secret),
        Proof::Query => query(webhook, settings, secret),
        Proof::StandardWebhooks => standard(webhook, secret),
    }
}

/// Whether the query shows the secret, whatever proves deliveries.
pub(crate) fn by_query(
    webhook: &Webhook,
    settings: &Settings,
    secret: Option<&Secret>,
) -> Result<(), Rejection> {
    query(webhook, settings, delivery::secret(secret)?)
}

/// The sender's own, where the kind of proof has one.
pub(crate) fn delivery_id(webhook: &Webhook, settings: &Settings) -> Option<String> {
    (settings.proof == Proof::StandardWebhooks)
        .then(|| webhook.header(STANDARD_ID).map(str::to_owned))
        .flatten()
}

fn signed(webhook: &Webhook, settings: &Settings, secret: &Secret) -> Result<(), Rejection> {
    let name = &settings.signature_header;
    let sent = webhook.header(name).unwrap_or_default();
    let wrong = |what: &str| unauthenticated(&format!("{name} {what}"));
    if sent.is_empty() {
        return Err(wrong("is missing"));
    }
    let digits = sent
        .strip_prefix(settings.signature_prefix.as_str())
        .ok_or_else(|| wrong("does not begin with the prefix"))?;
    let (mac, body) = (settings.signature_algorithm, &webhook.body);
    let mac = match mac {
        Algorithm::Sha1 => crypto::hmac_sha1(secret, body),
        Algorithm::Sha256 => crypto::hmac_sha256(secret, body),
        Algorithm::Sha512 => crypto::hmac_sha512(secret, body),
    };
    let sent = match settings.signature_encoding {
        Encoding::Hex => crypto::unhex(digits),
        Encoding::Base64 => crypto::unbase64(digits),
    };
    match crypto::equal(mac, sent.unwrap_or_default()) {
        true => Ok(()),
        false => Err(wrong("does not match the body")),
    }
}

fn credentials<'a>(webhook: &'a Webhook, wanted: &str) -> Result<&'a str, Rejection> {
    let header = webhook.header("authorization").unwrap_or_default();
    let (scheme, rest) = header.split_once(' ').unwrap_or_default();
    match scheme.eq_ignore_ascii_case(wanted) {
        true => Ok(rest.trim()),
        false => Err(unauthenticated(&format!(
            "Authorization is no {wanted} one"
        ))),
    }
}

fn shown(secret: &Secret, sent: impl AsRef<[u8]>, wrong: &str) -> Result<(), Rejection> {
    match crypto::equal(secret, sent) {
        true => Ok(()),
        false => Err(unauthenticated(wrong)),
    }
}

fn basic(webhook: &Webhook, settings: &Settings, secret: &Secret) -> Result<(), Rejection> {
    let plain = crypto::unbase64(credentials(webhook, "basic")?).unwrap_or_default();
    let wrong = "Authorization is not by the webhook secret";
    let colon = plain.iter().position(|byte| *byte == b':');
    let (user, password) = colon
        .map(|colon| (&plain[..colon], &plain[colon + 1..]))
        .ok_or_else(|| unauthenticated(wrong))?;
    let wanted = settings.basic_username.as_bytes();
    if !wanted.is_empty() && user != wanted {
        return Err(unauthenticated(wrong));
    }
    shown(secret, password, wrong)
}

/// One that is there twice proves nothing: others may read another of the two.
fn query(webhook: &Webhook, settings: &Settings, secret: &Secret) -> Result<(), Rejection> {
    let name = &settings.query_parameter;
    let pairs = form_urlencoded::parse(webhook.query.as_bytes());
    let values: Vec<_> = pairs.filter(|(known, _)| known == name).collect();
    match &values[..] {
        [(_, value)] => {
            let wrong = "the query's token is not the webhook secret";
            shown(secret, value.as_bytes(), wrong)
        }
        [] => Err(unauthenticated("the query has no token")),
        _ => Err(unauthenticated("the query has its token more than once")),
    }
}

fn standard(webhook: &Webhook, secret: &Secret) -> Result<(), Rejection> {
    let header = |name: &'static str| {
        let value = webhook.header(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| unauthenticated(&format!("{name} is missing")))
    };
    let (id, timestamp) = (header(STANDARD_ID)?, header(STANDARD_TIMESTAMP)?);
    let seconds: Option<u64> = timestamp.parse().ok();
    let now = clock::now_ms() / 1000;
    if seconds.is_none_or(|seconds| seconds.abs_diff(now) > TOLERANCE_S) {
        return Err(unauthenticated(
            "webhook-timestamp is not within five minutes of now",
        ));
    }
    let head = format!("{id}.{timestamp}.");
    let message = [head.as_bytes(), &webhook.body].concat();
    let mac = crypto::hmac_sha256_by_base64(secret, message);
    let signatures = header(STANDARD_SIGNATURE)?.split(' ').take(16);
    let mut sent = signatures.filter_map(|signature| {
        let text = signature.strip_prefix("v1,")?;
        crypto::unbase64(text)
    });
    match sent.any(|sent| crypto::equal(&mac, sent)) {
        true => Ok(()),
        false => Err(unauthenticated("webhook-signature does not match")),
    }
}
