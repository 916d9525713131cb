//! What is served at `metrics.listen`: the metrics and the probes, for an address that is not the
//! internet's.

use super::middleware;
use crate::{
    app::App,
    auth::is_scraper,
    http::{ApiError, client::Proxies},
    metrics,
    system::{self, Checks},
};
use axum::{
    Extension, Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use std::sync::Arc;

pub fn metrics_routes(app: App, checks: Checks) -> Router {
    let guarded = from_fn_with_state(app, guard);
    Router::new()
        .route("/metrics", get(metrics::show_apart).layer(guarded))
        .route("/healthz", get(system::live))
        .route("/readyz", get(system::ready))
        .fallback(|| async { ApiError::not_found() })
        .layer(Extension(checks))
        .layer(from_fn_with_state(
            Arc::new(Proxies::default()),
            middleware::surround,
        ))
}

/// Whoever reaches this address may look, unless there is a token.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let token = &app.config.metrics.token;
    let (parts, body) = request.into_parts();
    match token.is_empty() || is_scraper(&parts, token) {
        true => next.run(Request::from_parts(parts, body)).await,
        false => ApiError::unauthenticated().into_response(),
    }
}
