//! What the body of `POST /api-keys` says.

use crate::{
    auth::access::Scope,
    http::{
        ApiError,
        extract::{Body, Form, FromForm},
    },
};
use push_notify_core::{clock::Micros, i18n::Text};

/// A hundred years.
const LONGEST_SECONDS: i64 = 100 * 365 * 24 * 3600;

/// A key that is to be made.
pub struct NewApiKey {
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: Option<Micros>,
    /// In seconds from when it is made.
    pub(super) expires_in: Option<i64>,
}

impl FromForm for NewApiKey {
    const EXAMPLE: &'static str =
        r#"{"name": "deploy", "scopes": ["repos:read"], "expires_at": "2030-01-19T14:30:00Z"}"#;

    fn read(form: &mut Form) -> Self {
        let name = form.required_line("name", 100);
        form.require("scopes");
        let scopes = form.choices("scopes", Scope::NAMES).unwrap_or_default();
        let expires_at = form.optional_line("expires_at", 40).and_then(|text| {
            let at = text.parse::<jiff::Timestamp>().ok();
            if at.is_none() {
                let problem = Text::new(
                    "必须是RFC3339时间，例如2030-01-19T14:30:00Z",
                    "must be an RFC 3339 time such as 2030-01-19T14:30:00Z",
                );
                form.refuse("expires_at", &problem);
            }
            at.map(jiff::Timestamp::as_microsecond)
        });
        let expires_in = form.whole("expires_in", 1, LONGEST_SECONDS);
        if expires_at.is_some() && expires_in.is_some() {
            let problem = Text::new(
                "不能与expires_at同时使用",
                "cannot be given with expires_at",
            );
            form.refuse("expires_in", &problem);
        }
        Self {
            name,
            scopes: scopes.into_iter().map(str::to_owned).collect(),
            expires_at,
            expires_in,
        }
    }
}

/// The key of this body, when it has not expired before it is made.
pub(super) fn check(body: Body<NewApiKey>, now: Micros) -> Result<NewApiKey, ApiError> {
    let (mut new, mut form) = body.parts();
    if new.expires_at.is_some_and(|at| at <= now) {
        let problem = Text::new("必须是将来的时间", "must be a time to come");
        form.refuse("expires_at", &problem);
    }
    form.finish()?;
    let end = |seconds: i64| now.saturating_add(seconds.saturating_mul(1_000_000));
    new.expires_at = new.expires_at.or(new.expires_in.map(end));
    Ok(new)
}
