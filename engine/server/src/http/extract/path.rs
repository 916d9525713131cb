use crate::http::ApiError;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use push_notify_core::{i18n::Text, id::RowId};

/// The path's one id.
pub struct Id<I>(pub I);

/// The path's two ids, in their order.
pub struct IdPair<I, J>(pub I, pub J);

impl<I: RowId, S: Send + Sync> FromRequestParts<S> for Id<I> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match ids(parts, state).await?[..] {
            [id] => Ok(Self(I::new(id))),
            _ => Err(ApiError::not_found()),
        }
    }
}

impl<I: RowId, J: RowId, S: Send + Sync> FromRequestParts<S> for IdPair<I, J> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match ids(parts, state).await?[..] {
            [first, second] => Ok(Self(I::new(first), J::new(second))),
            _ => Err(ApiError::not_found()),
        }
    }
}

/// The path's ids, in their order: numbers, as only the route says of which tables. Fails when one
/// of them is no id.
pub async fn ids<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<i64>, ApiError> {
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
