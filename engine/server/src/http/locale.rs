//! The two languages of the API.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::ACCEPT_LANGUAGE, request::Parts},
};
use std::{
    borrow::Cow,
    convert::Infallible,
    sync::{Arc, OnceLock},
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Locale {
    /// zh-CN, the default.
    #[default]
    Chinese,
    /// en-US.
    English,
}

impl Locale {
    /// The language that `Accept-Language` likes best. None when it names neither.
    pub(super) fn stated(headers: &HeaderMap) -> Option<Self> {
        Self::best(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?)
    }

    fn best(accepted: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for entry in accepted.split(',') {
            let mut parts = entry.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let locale = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let stated = Self::stated(&parts.headers);
        let preferred = || parts.extensions.get::<Preferred>()?.get();
        Ok(stated.or_else(preferred).unwrap_or_default())
    }
}

/// Where the language that the user likes is put down as soon as it is known. Only in requests that state none.
#[derive(Clone, Default)]
pub(super) struct Preferred(Arc<OnceLock<Locale>>);

impl Preferred {
    pub(super) fn get(&self) -> Option<Locale> {
        self.0.get().copied()
    }

    /// The first one counts.
    pub(super) fn set(&self, locale: Locale) {
        self.0.get_or_init(|| locale);
    }
}

/// A message in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    zh: Cow<'static, str>,
    en: Cow<'static, str>,
}

impl Text {
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self {
            zh: Cow::Borrowed(zh),
            en: Cow::Borrowed(en),
        }
    }

    pub fn made(zh: String, en: String) -> Self {
        Self {
            zh: Cow::Owned(zh),
            en: Cow::Owned(en),
        }
    }

    /// What is wrong with a field or parameter: `字段name不能为空`, `name must not be empty`.
    pub fn of_field(name: &str, problem: &Self) -> Self {
        Self::made(
            format!("字段{name}{}", problem.zh),
            format!("{name} {}", problem.en),
        )
    }

    pub fn as_str(&self, locale: Locale) -> &str {
        match locale {
            Locale::Chinese => &self.zh,
            Locale::English => &self.en,
        }
    }
}

#[cfg(test)]
mod tests;
