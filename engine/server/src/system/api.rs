use super::{Checks, health::Health};
use crate::http::{Answer, Reply};
use axum::{Extension, http::StatusCode};

/// `GET /api/v1/system/health`: 200 while webhooks can be accepted, else 503. Open to load balancers; it names nothing secret.
pub async fn health(Extension(checks): Extension<Checks>) -> Answer<Health> {
    let health = checks.run().await;
    let status = match health.status {
        "down" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    Ok(Reply::data(health)?.status(status))
}
