//! What surrounds every request: its id and language, the envelope, headers against misuse by
//! browsers, and a net under panics.

use super::trace::Trace;
use crate::http::{
    ApiError,
    client::{Client, Proxies},
    envelope,
    locale::{AcceptLanguage, Preferred},
    request_id::{self, RequestId},
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use std::{net::SocketAddr, panic::AssertUnwindSafe, sync::Arc};
use tracing::Instrument as _;

/// `proxies` are believed about whom they speak for.
pub(super) async fn surround(
    State(proxies): State<Arc<Proxies>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::of(request.headers());
    let stated = AcceptLanguage::stated(request.headers());
    let preferred = Preferred::default();
    if stated.is_none() {
        request.extensions_mut().insert(preferred.clone());
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = Client::of(peer, request.headers(), &proxies);
    let method = request.method().clone();
    let path = request.uri().path();
    let private = path.starts_with("/api/");
    let trace = Trace::begin(&id, &client, method, path);
    request.extensions_mut().insert(client.clone());
    request.extensions_mut().insert(id.clone());
    // A panic unwinds through the handler only; what it shared is behind locks that do not poison
    // or is dropped with it.
    let response = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .instrument(trace.span.clone())
        .await
        .unwrap_or_else(|panic| {
            ApiError::internal(format_args!("panic: {}", message(&*panic))).into_response()
        });
    let locale = stated.or(preferred.get()).unwrap_or_default();
    let finish = || envelope::finish(response, &id, locale);
    let mut response = trace.span.in_scope(finish);
    let headers = response.headers_mut();
    if let Some(value) = id.header_value() {
        headers.insert(request_id::HEADER, value);
    }
    protect(headers, private);
    trace.end(&id, &client, response.status());
    response
}

/// Answers are data, never pages: a browser must not guess, frame or keep them.
fn protect(headers: &mut HeaderMap, private: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    );
    if private {
        set(header::CACHE_CONTROL, "no-store");
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
}

#[cfg(test)]
mod tests;
