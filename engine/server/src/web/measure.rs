//! What a request leaves in the metrics.

use crate::{app::App, http::error::Reason, metrics::Metrics};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use std::time::{Duration, Instant};

enum Kind {
    Delivery,
    Admin,
    /// Probes, scrapers, and what leads nowhere.
    Other,
}

impl Kind {
    fn of(method: &Method, path: &str) -> Self {
        if path.starts_with("/webhook/") || path.starts_with("/api/v1/webhooks") {
            match *method {
                Method::POST => Self::Delivery,
                _ => Self::Other,
            }
        } else if path.starts_with("/api/") {
            Self::Admin
        } else {
            Self::Other
        }
    }
}

pub(super) async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let kind = Kind::of(request.method(), request.uri().path());
    let started = Instant::now();
    let response = next.run(request).await;
    match kind {
        Kind::Delivery => delivered(&app.metrics, &response, started.elapsed()),
        Kind::Admin => app.metrics.requests.of([response.status().as_str()]).inc(),
        Kind::Other => {}
    }
    response
}

fn delivered(metrics: &Metrics, response: &Response, took: Duration) {
    if response.status().is_success() {
        return metrics.ack.took(took);
    }
    let reason = response.extensions().get::<Reason>();
    let reason = reason.map_or_else(|| usual(response.status()), |reason| reason.name());
    metrics.refusals.of([reason]).inc();
}

/// What a status stands for where nobody says more.
fn usual(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "malformed",
        StatusCode::UNAUTHORIZED => "unauthenticated",
        StatusCode::NOT_FOUND => "unknown",
        StatusCode::REQUEST_TIMEOUT => "timeout",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::TOO_MANY_REQUESTS => "rate_limited",
        status if status.is_client_error() => "other",
        _ => "internal",
    }
}
