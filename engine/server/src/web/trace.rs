//! What a request leaves in the log: a span around all that is said while it is answered, and a
//! line about its end.

use crate::http::{client::Client, request_id::RequestId};
use axum::http::{Method, StatusCode};
use std::time::Instant;
use tracing::{Span, field};

/// Where scrapers and probes look.
const WATCHED: [&str; 3] = ["/metrics", "/healthz", "/readyz"];

pub(super) struct Trace {
    pub span: Span,
    method: Method,
    /// None: a delivery. Its path may hold an id that nobody should learn from a log.
    path: Option<String>,
    started: Instant,
}

impl Trace {
    pub(super) fn begin(id: &RequestId, client: &Client, method: Method, path: &str) -> Self {
        let ours = path.starts_with("/api/") || WATCHED.contains(&path);
        let delivery = !ours || path.starts_with("/api/v1/webhooks");
        let path = (!delivery).then(|| path.to_owned());
        let ip = client.ip.map(field::display);
        // Deliveries are many: theirs is there only for whoever looks closely.
        let span = match path {
            Some(_) => tracing::info_span!("request", request.id = id.as_str(), client.ip = ip),
            None => tracing::debug_span!("delivery", request.id = id.as_str(), client.ip = ip),
        };
        Self {
            span,
            method,
            path,
            started: Instant::now(),
        }
    }

    pub(super) fn end(self, id: &RequestId, client: &Client, status: StatusCode) {
        let duration_ms = self.started.elapsed().as_millis() as u64;
        let code = status.as_u16();
        let Some(path) = self.path else {
            return delivered(id, client, status, duration_ms);
        };
        let _inside = self.span.enter();
        let http = &self.method;
        if status.is_server_error() {
            tracing::warn!(http.method = %http, http.path = path, http.status = code, duration_ms, "answered a request with an error");
        } else if status.is_client_error() {
            tracing::info!(http.method = %http, http.path = path, http.status = code, duration_ms, "refused a request");
        } else {
            tracing::debug!(http.method = %http, http.path = path, http.status = code, duration_ms, "answered a request");
        }
    }
}

fn delivered(id: &RequestId, client: &Client, status: StatusCode, duration_ms: u64) {
    let (id, http_status) = (id.as_str(), status.as_u16());
    let ip = client.ip.map(field::display);
    match status {
        // To nowhere, or when there is no room: a line each would only make it worse.
        StatusCode::NOT_FOUND | StatusCode::SERVICE_UNAVAILABLE => {
            tracing::debug!(
                request.id = id,
                client.ip = ip,
                http.status = http_status,
                duration_ms,
                "did not take a delivery"
            );
        }
        status if status.is_server_error() => {
            tracing::warn!(
                request.id = id,
                client.ip = ip,
                http.status = http_status,
                duration_ms,
                "a delivery failed"
            );
        }
        status if status.is_client_error() => {
            tracing::info!(
                request.id = id,
                client.ip = ip,
                http.status = http_status,
                duration_ms,
                "refused a delivery"
            );
        }
        _ => {
            tracing::debug!(
                request.id = id,
                client.ip = ip,
                http.status = http_status,
                duration_ms,
                "took a delivery"
            );
        }
    }
}
