//! Which Git host a delivery comes from, by its headers.

use crate::http::ApiError;
use axum::http::HeaderMap;
use push_notify_core::i18n::Text;

/// The header that each host names its event with, and the provider that speaks its dialect.
/// Forgejo sends Gitea's beside its own, Gitea those of Gogs and GitHub: so the most particular
/// comes first.
const EVENT: [(&str, &str); 7] = [
    ("X-Forgejo-Event", "gitea"),
    ("X-Gitea-Event", "gitea"),
    ("X-Gogs-Event", "gitea"),
    ("X-Gitee-Event", "gitee"),
    ("X-Gitlab-Event", "gitlab"),
    ("X-Event-Key", "bitbucket"),
    ("X-GitHub-Event", "github"),
];

/// The provider for a delivery with these headers. An empty one is as good as none.
pub(super) fn provider(headers: &HeaderMap) -> Result<&'static str, ApiError> {
    let sent = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    EVENT
        .into_iter()
        .find_map(|(name, provider)| sent(name).then_some(provider))
        .ok_or_else(unknown)
}

fn unknown() -> ApiError {
    let looked_for = EVENT.map(|(name, _)| name).join(", ");
    ApiError::malformed(vec![Text::made(
        format!("无法识别Git平台：请求头中没有{looked_for}中的任何一个"),
        format!(
            "Which Git host this comes from is not known: it has none of the headers {looked_for}"
        ),
    )])
}

#[cfg(test)]
mod tests;
