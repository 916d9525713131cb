//! `/metrics`.

use super::{page, queue::Found};
use crate::{
    http::{
        ApiError,
        describe::{About, Answered, Output},
    },
    system::Checks,
};
use axum::{
    Extension,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page for Prometheus.
pub struct Page(String);

/// `GET /metrics` beside the admin API.
pub async fn show(Extension(checks): Extension<Checks>) -> Result<Page, ApiError> {
    let metrics = &checks.app.config.metrics;
    if !metrics.enabled || metrics.listen.is_some() {
        return Err(ApiError::not_found());
    }
    Ok(written(&checks).await)
}

/// The same at `metrics.listen`, for whoever can reach that address.
pub async fn show_apart(Extension(checks): Extension<Checks>) -> Page {
    written(&checks).await
}

async fn written(checks: &Checks) -> Page {
    let found: Found = checks.looked.look(&checks.app).await;
    Page(page::write(&checks.app, &found))
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, TEXT_FORMAT)], self.0).into_response()
    }
}

impl Output for Page {
    fn describe(about: &mut About<'_>) {
        about.answer = Some(Answered::Raw("text/plain", json!({ "type": "string" })));
    }
}
