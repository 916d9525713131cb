//! What our ingest is compared with: the least that a webhook receiver can do. Reads the body,
//! checks the signature, answers.

use crate::payload::SECRET;
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

pub(crate) const ROLE: &str = "hmac-only";

pub(crate) async fn serve() -> anyhow::Result<()> {
    crate::child::serve(Router::new().route("/webhook/{id}", post(deliver))).await
}

async fn deliver(headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    match is_authentic(&headers, &body) {
        true => (StatusCode::OK, "{\"code\":200}"),
        false => (StatusCode::UNAUTHORIZED, "{\"code\":401}"),
    }
}

fn is_authentic(headers: &HeaderMap, body: &[u8]) -> bool {
    let sent = headers
        .get("x-hub-signature-256")
        .and_then(|value| value.to_str().ok()?.strip_prefix("sha256="))
        .and_then(|digits| hex::decode(digits).ok());
    match (sent, Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())) {
        (Some(sent), Ok(mac)) => mac.chain_update(body).verify_slice(&sent).is_ok(),
        _ => false,
    }
}
