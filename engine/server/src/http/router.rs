//! THE route table.

use super::{ApiError, operations, outer, rate_limit::RateLimits, webhook};
use crate::{
    app::App, event, pipeline::Pipeline, plugin, push, repo, session, system, system::Checks,
    target, template,
};
use axum::{
    Extension, Router, middleware,
    routing::{delete, get, post},
};
use std::sync::Arc;

/// All routes. What is under `/api/v1` wants a login, but for `login`, `refresh` and `health`: a handler says so by taking
/// [`CurrentUser`](super::auth::CurrentUser) or [`Admin`](super::auth::Admin).
#[rustfmt::skip] // A line a path.
fn routes() -> Router<App> {
    Router::new()
        .route("/webhook/{webhook_id}", post(webhook::deliver))

        .route("/api/v1/auth/login", post(session::api::login))
        .route("/api/v1/auth/refresh", post(session::api::refresh))
        .route("/api/v1/auth/logout", post(session::api::logout))
        .route("/api/v1/auth/me", get(session::api::me))

        .route("/api/v1/repos", get(repo::api::list).post(repo::api::create))
        .route("/api/v1/repos/{id}", get(repo::api::show).put(repo::api::update).delete(repo::api::delete))
        .route("/api/v1/repos/{id}/targets", get(repo::api::targets).post(repo::api::link))

        .route("/api/v1/targets", get(target::api::list).post(target::api::create))
        .route("/api/v1/targets/{id}", get(target::api::show).put(target::api::update).delete(target::api::delete))
        .route("/api/v1/targets/{id}/repos", post(target::api::link))
        .route("/api/v1/targets/{id}/repos/{repo_id}", delete(target::api::unlink))

        .route("/api/v1/templates", get(template::api::list).post(template::api::create))
        .route("/api/v1/templates/preview", post(template::api::preview))
        .route("/api/v1/templates/{id}", get(template::api::show))

        .route("/api/v1/events", get(event::api::list))
        .route("/api/v1/events/{id}", get(event::api::show))
        .route("/api/v1/events/{id}/replay", post(operations::replay))

        .route("/api/v1/pushes", get(push::api::list))
        .route("/api/v1/pushes/{id}", get(push::api::show))
        .route("/api/v1/pushes/{id}/retry", post(push::api::retry))

        .route("/api/v1/plugins", get(plugin::api::list))
        .route("/api/v1/plugins/reload", post(operations::reload))
        .route("/api/v1/system/health", get(system::health))
}

/// The routes with what surrounds them.
pub fn router(app: App, pipeline: Pipeline, checks: Checks) -> Router {
    let limits = Arc::new(RateLimits::new(&app.config.rate_limit, app.clock.clone()));
    routes()
        .fallback(|| async { ApiError::not_found() })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(Extension(limits))
        .layer(Extension(pipeline))
        .layer(Extension(checks))
        .layer(middleware::from_fn(outer::surround))
        .with_state(app)
}
