//! A server that is no `api`: it says how it is, and nothing else.

use crate::http::ApiError;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use push_notify_core::i18n::Text;

const PATHS: [&str; 4] = ["/api/v1/system/health", "/healthz", "/readyz", "/metrics"];

pub(super) async fn only_answers_about_itself(request: Request, next: Next) -> Response {
    if PATHS.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    ApiError::not_found()
        .with_detail(Text::new(
            "本节点仅执行任务（server.roles），请访问具有 api 角色的节点",
            "This server only works (server.roles): ask one with the role api",
        ))
        .into_response()
}
