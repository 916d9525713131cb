//! The language that a request asks for.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::ACCEPT_LANGUAGE, request::Parts},
};
use push_notify_core::i18n::Locale;
use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

/// The language to answer in: what `Accept-Language` likes best, else what the user set, else the
/// default.
pub struct AcceptLanguage(pub Locale);

impl AcceptLanguage {
    /// What the headers state. None when they name neither language.
    pub fn stated(headers: &HeaderMap) -> Option<Locale> {
        Locale::accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AcceptLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let stated = Self::stated(&parts.headers);
        let preferred = || parts.extensions.get::<Preferred>()?.get();
        Ok(Self(stated.or_else(preferred).unwrap_or_default()))
    }
}

/// Where the language that the user likes is put down as soon as it is known. Only in requests that
/// state none.
#[derive(Clone, Default)]
pub struct Preferred(Arc<OnceLock<Locale>>);

impl Preferred {
    pub fn get(&self) -> Option<Locale> {
        self.0.get().copied()
    }

    /// The first one counts.
    pub fn set(&self, locale: Locale) {
        self.0.get_or_init(|| locale);
    }
}
