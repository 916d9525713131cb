use push_notify_sdk::{Secret, crypto};

/// The query parameter `sign` for a robot with a signing secret:
/// `base64(HMAC-SHA256(secret, "{timestamp_ms}\n{secret}"))`, still to be percent-encoded, once.
pub(crate) fn sign(secret: &Secret, timestamp_ms: u64) -> String {
    crypto::base64(crypto::hmac_sha256(
        secret,
        format!("{timestamp_ms}\n{secret}"),
    ))
}
