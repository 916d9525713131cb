//! `GET /api/v1/docs`: the OpenAPI document for people. One page with all that it needs in it.

use crate::http::describe::{About, Answered, Output};
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

const PAGE: &str = include_str!("docs/page.html");

/// Lets the browser run what is in the page and nothing else, and ask nobody but us.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        digest("<script>", "</script>"),
        digest("<style>", "</style>"),
    )
});

/// A page.
pub struct Page;

/// `GET /docs`
pub async fn page() -> Page {
    Page
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let policy = [(header::CONTENT_SECURITY_POLICY, POLICY.as_str())];
        (policy, Html(PAGE)).into_response()
    }
}

impl Output for Page {
    fn describe(about: &mut About<'_>) {
        about.answer = Some(Answered::Raw("text/html", json!({ "type": "string" })));
    }
}

/// Of what stands between the two.
fn digest(begin: &str, end: &str) -> String {
    let inside = PAGE
        .split_once(begin)
        .and_then(|(_, rest)| rest.split_once(end))
        .map_or("", |(inside, _)| inside);
    format!("'sha256-{}'", BASE64.encode(Sha256::digest(inside)))
}
