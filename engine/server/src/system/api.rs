use super::{Checks, health::Health};
use crate::{
    app::App,
    config::redacted,
    http::{Answer, ApiError, Reply, Text},
};
use axum::{Extension, extract::State, http::StatusCode};
use serde_json::Value;

/// `GET /api/v1/system/health`: 200 while webhooks can be accepted, else 503. Open to load balancers; it names nothing secret.
pub async fn health(Extension(checks): Extension<Checks>) -> Answer<Health> {
    let health = checks.run().await;
    let (status, message) = match health.status {
        "down" => (
            StatusCode::SERVICE_UNAVAILABLE,
            Text::new(
                "数据库不可用，无法接收请求",
                "Down: the database does not answer",
            ),
        ),
        "degraded" => (
            StatusCode::OK,
            Text::new("服务降级运行，请检查", "Degraded: something needs a look"),
        ),
        _ => (StatusCode::OK, Text::new("success", "success")),
    };
    Ok(Reply::say(message, health)?.status(status))
}

/// `GET /api/v1/system/config`: every key with its value in force; secrets are `******`.
pub async fn config(State(app): State<App>) -> Answer<Value> {
    Reply::data(redacted(&app.config).map_err(ApiError::internal)?)
}
