//! `/console`: the pages for people. They are built apart (`engine/console`) and embedded by the
//! build script; a server that was built without them has a small page that says so.

use crate::{app::App, http::ApiError};
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use push_notify_core::random;

/// A file of the console, as it is and packed.
struct Asset {
    name: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/console.rs"));
const INDEX: &str = "index.html";
const NOT_BUILT: &str = include_str!("console/not_built.html");
/// What stands in the page where each response has a value of its own.
const NONCE: &str = "{nonce}";
const HOME: &str = "/console";
/// The names of files have their digests in them.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The console's own routes. They are no part of the API: every address below `/console` is the
/// same page, which knows itself what it shows there.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route(HOME, get(page))
        .route("/console/", get(page))
        .route("/console/{*path}", get(page))
        .route("/console/assets/{name}", get(asset))
}

/// Sends browsers to the console. To programs there is nothing here.
async fn home(headers: HeaderMap) -> Response {
    match names(&headers, header::ACCEPT, "text/html") {
        true => Redirect::temporary(HOME).into_response(),
        false => ApiError::not_found().into_response(),
    }
}

async fn page() -> Response {
    let index = ASSETS.iter().find(|asset| asset.name == INDEX);
    let text = index.and_then(|asset| std::str::from_utf8(asset.plain).ok());
    let nonce = random::hex::<16>();
    // Scripts come from files of ours alone. Styles that the console's components make while they
    // run carry the nonce of the response that brought the page.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    let page = text.unwrap_or(NOT_BUILT).replace(NONCE, &nonce);
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Html(page)).into_response()
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let found = ASSETS
        .iter()
        .filter(|asset| asset.name != INDEX)
        .find(|asset| asset.name == name);
    let Some(asset) = found else {
        return ApiError::not_found().into_response();
    };
    let (coding, bytes) = asset.packed_for(&headers);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, asset.media_type());
    headers.insert(header::CACHE_CONTROL, FOREVER);
    headers.insert(
        header::VARY,
        HeaderValue::from_static(header::ACCEPT_ENCODING.as_str()),
    );
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

impl Asset {
    /// The smallest form that the client takes, and what it is packed by.
    fn packed_for(&self, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
        let takes = |coding| names(headers, header::ACCEPT_ENCODING, coding);
        match (takes("br"), takes("gzip")) {
            (true, _) => (Some("br"), self.brotli),
            (_, true) => (Some("gzip"), self.gzip),
            _ => (None, self.plain),
        }
    }

    fn media_type(&self) -> HeaderValue {
        HeaderValue::from_static(match self.name.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        })
    }
}

/// Whether a list in a header has `wanted` in it, and does not refuse it (`;q=0`).
fn names(headers: &HeaderMap, header: header::HeaderName, wanted: &str) -> bool {
    let lists = headers
        .get_all(header)
        .iter()
        .filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| {
        let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case(wanted) && weight.trim().parse() != Ok(0.0)
    })
}

#[cfg(test)]
mod tests;
