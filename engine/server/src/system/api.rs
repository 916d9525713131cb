use super::{Checks, health::Health};
use crate::{
    app::App,
    config::redacted,
    http::{Answer, ApiError, Reply},
};
use axum::{Extension, extract::State, http::StatusCode};
use serde_json::Value;

/// `GET /api/v1/system/health`: 200 while webhooks can be accepted, else 503. Open to load balancers; it names nothing secret.
pub async fn health(Extension(checks): Extension<Checks>) -> Answer<Health> {
    let health = checks.run().await;
    let status = match health.status {
        "down" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    Ok(Reply::data(health)?.status(status))
}

/// `GET /api/v1/system/config`: every key with its value in force; secrets are `******`.
pub async fn config(State(app): State<App>) -> Answer<Value> {
    Reply::data(redacted(&app.config).map_err(ApiError::internal)?)
}
