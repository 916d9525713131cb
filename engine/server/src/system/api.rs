use super::{Checks, Health, problem::Told};
use crate::{
    app::App,
    auth::Onlooker,
    http::{AcceptLanguage, Answer, ApiError, Reply},
};
use axum::{Extension, extract::State, http::StatusCode};
use push_notify_core::{config::redacted, i18n::Text};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize, JsonSchema)]
pub struct Ready {
    ready: bool,
    /// Why it is not.
    problems: Vec<Told>,
}

/// `GET /healthz`: 200 as long as the process answers. Looks at nothing: what is wrong elsewhere is
/// not mended by a restart.
pub async fn live() -> Answer<()> {
    Reply::data(())
}

/// `GET /readyz`: 200 while webhooks can be accepted, else 503 and why.
pub async fn ready(
    Extension(checks): Extension<Checks>,
    AcceptLanguage(locale): AcceptLanguage,
) -> Answer<Ready> {
    let problems = checks.not_ready().await;
    let ready = Ready {
        ready: problems.is_empty(),
        problems: problems
            .iter()
            .map(|problem| problem.told(locale))
            .collect(),
    };
    match ready.ready {
        true => Reply::data(ready),
        false => Ok(Reply::say(NOT_READY, ready)?.status(StatusCode::SERVICE_UNAVAILABLE)),
    }
}

const NOT_READY: Text = Text::new("服务尚不能接收请求", "Not ready: nothing can be accepted");

/// `GET /api/v1/system/health`: 200 while webhooks can be accepted, else 503. Open to load
/// balancers; administrators see more.
pub async fn health(
    Extension(checks): Extension<Checks>,
    AcceptLanguage(locale): AcceptLanguage,
    Onlooker(user): Onlooker,
) -> Answer<Health> {
    let health = checks.run(locale, user.is_some()).await;
    let (status, message) = match health.status {
        "down" => (
            StatusCode::SERVICE_UNAVAILABLE,
            Text::new("服务不可用，无法接收请求", "Down: nothing can be accepted"),
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
