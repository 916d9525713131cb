//! Answers to somebody who opens a link: a small page for a browser, and for programs what the API
//! says otherwise.

use crate::http::{
    AcceptLanguage, ApiError, Reply,
    describe::{About, Input, Output},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use push_notify_core::i18n::{Locale, Text};
use schemars::JsonSchema;
use sha2::{Digest as _, Sha256};
use std::{convert::Infallible, sync::LazyLock};

const STYLE: &str = "body{max-width:32em;margin:15vh auto;padding:0 1em;font:16px/1.6 system-ui,sans-serif}\
    button{font:inherit;padding:.5em 2em}";

/// No script, nothing from elsewhere, and forms to us alone.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = BASE64.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
});

/// What a page says.
pub struct Page {
    pub title: Text,
    pub text: Text,
    /// Sends the address of the page again, by POST.
    pub button: Option<Text>,
}

/// How the answer is to be shown.
pub struct Viewer {
    is_browser: bool,
    locale: Locale,
}

/// The answer of either kind.
pub struct View<T> {
    shown: Shown<T>,
}

enum Shown<T> {
    Reply(Reply<T>),
    Error(ApiError),
    Page(StatusCode, String),
}

impl Viewer {
    /// `page` is for when it went well.
    pub fn show<T>(&self, answer: Result<Reply<T>, ApiError>, page: Page) -> View<T> {
        let shown = match (self.is_browser, answer) {
            (false, Ok(reply)) => Shown::Reply(reply),
            (false, Err(error)) => Shown::Error(error),
            (true, Ok(_)) => Shown::Page(StatusCode::OK, self.write(&page)),
            // Something is wrong with us: that is logged where envelopes are written.
            (true, Err(error)) if error.status.is_server_error() => Shown::Error(error),
            (true, Err(error)) => {
                Shown::Page(error.status, self.write(&Page::about(&error, self.locale)))
            }
        };
        View { shown }
    }

    fn write(&self, page: &Page) -> String {
        let text = |text: &Text| escape(text.as_str(self.locale));
        let language = self.locale.tag();
        let button = page.button.as_ref().map_or_else(String::new, |button| {
            format!(
                "<form method=\"post\"><button>{}</button></form>",
                text(button)
            )
        });
        format!(
            "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
             <body><h1>{title}</h1><p>{said}</p>{button}</body></html>\n",
            title = text(&page.title),
            said = text(&page.text),
        )
    }
}

impl Page {
    fn about(error: &ApiError, locale: Locale) -> Self {
        let details: Vec<&str> = error
            .details
            .iter()
            .map(|text| text.as_str(locale))
            .collect();
        let details = details.join("; ");
        Self {
            title: error.message.clone(),
            text: Text::made(details.clone(), details),
            button: None,
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Browsers ask for HTML first; programs ask for JSON, or take anything.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let mut wanted = accept.unwrap_or_default().split(',').map(|kind| {
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    });
    let first = wanted.find(|kind| {
        matches!(
            kind.as_str(),
            "text/html" | "application/xhtml+xml" | "application/json"
        )
    });
    first.is_some_and(|kind| kind != "application/json")
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            is_browser: wants_page(&parts.headers),
            locale: AcceptLanguage::from_request_parts(parts, state).await?.0,
        })
    }
}

impl Input for Viewer {}

impl<T> IntoResponse for View<T> {
    fn into_response(self) -> Response {
        match self.shown {
            Shown::Reply(reply) => reply.into_response(),
            Shown::Error(error) => error.into_response(),
            Shown::Page(status, page) => {
                let policy = [(header::CONTENT_SECURITY_POLICY, POLICY.as_str())];
                (status, policy, Html(page)).into_response()
            }
        }
    }
}

impl<T: JsonSchema> Output for View<T> {
    fn describe(about: &mut About<'_>) {
        Reply::<T>::describe(about);
    }
}

#[cfg(test)]
mod tests;
