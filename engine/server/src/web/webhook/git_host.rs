//! Which Git host a delivery comes from, by its headers.

use crate::http::ApiError;
use axum::http::HeaderMap;
use push_notify_core::i18n::Text;
use push_notify_host::Dialects;

/// The provider for a delivery with these headers. An empty one is as good as none.
pub(super) fn provider(dialects: &Dialects, headers: &HeaderMap) -> Result<String, ApiError> {
    let sent = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    let provider = dialects.provider(sent).map(str::to_owned);
    provider.ok_or_else(|| unknown(dialects))
}

fn unknown(dialects: &Dialects) -> ApiError {
    let looked_for = dialects.headers().collect::<Vec<_>>().join(", ");
    ApiError::malformed(vec![Text::made(
        format!("无法识别Git平台：请求头中没有{looked_for}中的任何一个"),
        format!(
            "Which Git host this comes from is not known: it has none of the headers {looked_for}"
        ),
    )])
}

#[cfg(test)]
mod tests;
