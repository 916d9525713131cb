use crate::http::ApiError;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use push_notify_core::i18n::Text;

/// The path's one id.
pub struct Id(pub i64);

/// The path's two ids, in their order.
pub struct IdPair(pub i64, pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match ids(parts, state).await?[..] {
            [id] => Ok(Self(id)),
            _ => Err(ApiError::not_found()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdPair {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match ids(parts, state).await?[..] {
            [first, second] => Ok(Self(first, second)),
            _ => Err(ApiError::not_found()),
        }
    }
}

/// The path's ids, in their order. Fails when one of them is no id.
pub(in crate::http) async fn ids<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
) -> Result<Vec<i64>, ApiError> {
    let params = RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| ApiError::malformed(vec![Text::new("路径无效", "the path is not UTF-8")]))?;
    params
        .iter()
        .map(|(name, value)| {
            positive(value).ok_or_else(|| {
                let problem = Text::new("必须是正整数", "must be a positive whole number");
                ApiError::malformed(vec![Text::of_field(name, &problem)])
            })
        })
        .collect()
}

/// Digits only: no sign, no spaces.
pub(super) fn positive(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number > 0)
}
