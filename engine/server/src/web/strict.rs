//! Endpoints that take no query or no body refuse one, as those that do refuse what they do not
//! know: nothing that is sent is silently left unread. But whoever changes a thing by sending back
//! what was shown of it sends what cannot be changed too.

use crate::{
    app::App,
    http::{
        ApiError,
        describe::About,
        extract::{Query, nothing_in},
    },
};
use axum::{
    body::HttpBody as _,
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// What an endpoint takes that its handler does not check itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Takes {
    query: bool,
    body: bool,
}

impl Takes {
    /// None: its handler checks all that there can be, or it is called by who cannot know better.
    /// Git hosts are given their URL with parameters of somebody's proxy, and probes and scrapers
    /// add their own.
    pub(super) fn of(path: &str, method: &Method, about: &About<'_>) -> Option<Self> {
        let takes = Self {
            query: !about.query.is_empty(),
            body: about.body.is_some() || method.is_safe(),
        };
        let ours = path.starts_with("/api/") && !path.starts_with("/api/v1/webhooks");
        (ours && !(takes.query && takes.body)).then_some(takes)
    }
}

pub(super) async fn check(
    State((app, takes)): State<(App, Takes)>,
    request: Request,
    next: Next,
) -> Response {
    let query = request.uri().query().filter(|_| !takes.query);
    if let Some(query) = query
        && let Err(error) = Query::parse(query).finish()
    {
        return error.into_response();
    }
    if takes.body || request.body().is_end_stream() {
        return next.run(request).await;
    }
    match without_body(request, &app).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// The request, if there is nothing in its body.
async fn without_body(request: Request, app: &App) -> Result<Request, ApiError> {
    let (parts, body) = request.into_parts();
    nothing_in(&parts, body, app).await?;
    Ok(Request::from_parts(parts, axum::body::Body::empty()))
}
