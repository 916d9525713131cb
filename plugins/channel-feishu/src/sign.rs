use push_notify_sdk::{Secret, crypto};
use serde::Serialize;

/// That the sender knows the bot's secret; it is a part of the body.
#[derive(Serialize)]
pub(crate) struct Proof {
    timestamp: String,
    sign: String,
}

/// The key is `"{timestamp}\n{secret}"`, and there is nothing in what is signed.
pub(crate) fn proof(secret: &Secret, seconds: u64) -> Proof {
    let key = format!("{seconds}\n{secret}");
    Proof {
        timestamp: seconds.to_string(),
        sign: crypto::base64(crypto::hmac_sha256(key, "")),
    }
}
