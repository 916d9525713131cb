//! Each request has an id: the caller's `X-Request-Id`, or one of ours. It is in the answer's
//! header and body and in the log.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, request::Parts},
};
use push_notify_core::random;
use std::{convert::Infallible, sync::Arc};

pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 128;

/// At most 128 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The caller's id where it is sound, else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(HEADER)
            .and_then(|value| Self::sound(value.as_bytes()))
            .unwrap_or_else(Self::random)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn header_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }

    fn sound(value: &[u8]) -> Option<Self> {
        let sound = (1..=LONGEST).contains(&value.len()) && value.iter().all(u8::is_ascii_graphic);
        let text = std::str::from_utf8(value).ok().filter(|_| sound)?;
        Some(Self(text.into()))
    }

    /// A random UUID (RFC 9562, version 4).
    fn random() -> Self {
        let id = uuid::Builder::from_random_bytes(random::any()).into_uuid();
        Self(id.to_string().into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().cloned();
        Ok(known.unwrap_or_else(|| Self::of(&parts.headers)))
    }
}

#[cfg(test)]
mod tests;
