//! Who may deliver: whoever knows the webhook secret. Grafana can sign with it; both can show it as
//! a bearer token or as the password of basic authentication, of whatever user.

use push_notify_sdk::{
    Rejection, Secret, Webhook, clock, crypto,
    delivery::{self, plain_secret, unauthenticated},
};

const SIGNATURE: &str = "x-grafana-alerting-signature";
/// Where the contact point is told to send the time, in seconds since 1970, which is then signed
/// before the body. Grafana has no name of its own for the header: this is the one that the
/// instructions give.
const TIMESTAMP: &str = "x-grafana-alerting-timestamp";
/// How far a clock may be off, and a delivery on its way.
const TOLERANCE_S: u64 = 5 * 60;

/// A repository without a secret receives nothing.
pub(crate) fn check(webhook: &Webhook, secret: Option<&Secret>) -> Result<(), Rejection> {
    let secret = delivery::secret(secret)?;
    let header = |name| webhook.header(name).filter(|value| !value.is_empty());
    match (header(SIGNATURE), header("authorization")) {
        (Some(signature), _) => signed(webhook, signature, header(TIMESTAMP), secret),
        (None, Some(authorization)) => delivery::authorization(authorization, secret),
        (None, None) => plain_secret(
            webhook,
            secret,
            "there is neither an Authorization nor an X-Grafana-Alerting-Signature header",
        ),
    }
}

fn signed(
    webhook: &Webhook,
    signature: &str,
    timestamp: Option<&str>,
    secret: &Secret,
) -> Result<(), Rejection> {
    let Some(sent) = crypto::unhex(signature).filter(|mac| mac.len() == 32) else {
        return Err(unauthenticated(
            "X-Grafana-Alerting-Signature is not 64 hexadecimal digits",
        ));
    };
    let mac = match timestamp {
        None => crypto::hmac_sha256(secret, &webhook.body),
        Some(timestamp) => {
            let seconds: Option<u64> = timestamp.parse().ok();
            let now = clock::now_ms() / 1000;
            if seconds.is_none_or(|seconds| seconds.abs_diff(now) > TOLERANCE_S) {
                return Err(unauthenticated(
                    "X-Grafana-Alerting-Timestamp is not within five minutes of now",
                ));
            }
            let text = [timestamp.as_bytes(), b":", &webhook.body].concat();
            crypto::hmac_sha256(secret, text)
        }
    };
    match crypto::equal(mac, &sent) {
        true => Ok(()),
        false => Err(unauthenticated(
            "X-Grafana-Alerting-Signature does not match the body",
        )),
    }
}
