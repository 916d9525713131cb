//! What a delivery is refused with.

use crate::{
    http::{ApiError, error::Reason},
    pipeline::{CommitError, Refusal, store},
    storage::Full,
};
use push_notify_core::i18n::Text;
use push_notify_db::Fault;

/// What a host should wait when this server is full.
const RETRY_AFTER_SECONDS: u64 = 5;
/// The same when there is no room for what it stores: retention passes every hour.
const FULL_RETRY_AFTER_SECONDS: u64 = 3600;

/// Of a delivery that anybody can make up: one for nobody is refused as one that is not authentic.
pub(super) fn refuse_claim(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::Unknown | Refusal::Unauthenticated(_) => {
            let mut error = refuse(Refusal::Unauthenticated(refusal.to_string()));
            error.details = vec![Text::new(
                "签名或令牌缺失或不正确，或者没有这样的仓库",
                "The signature or token is missing or wrong, or there is no such repository",
            )];
            error
        }
        refusal => refuse(refusal),
    }
}

/// A refusal never says more than the sender may know: the parser's reasons are about its own
/// request.
pub(in crate::web) fn refuse(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::Unknown => ApiError::not_found(),
        Refusal::Unauthenticated(reason) => {
            tracing::warn!(reason, "refused a delivery that is not authentic");
            ApiError::unauthenticated().with_detail(Text::made(
                "签名或令牌缺失或不正确".to_owned(),
                "The signature or token is missing or wrong".to_owned(),
            ))
        }
        Refusal::Malformed(reason) => ApiError::malformed(vec![Text::made(
            format!("请求体无法解析：{reason}"),
            reason,
        )]),
        Refusal::ParkedFull => busy(
            "解析插件不可用，暂存已满",
            "The parser is out of order and no more is kept",
        )
        .because(Reason::ParkedFull),
        Refusal::OutOfOrder => {
            busy("解析插件不可用，请稍后重试", "The parser is out of order").because(Reason::Plugin)
        }
        Refusal::StorageFull(full) => {
            let message = match full {
                Full::Repo => Text::new(
                    "该仓库的存储空间已用完（storage.repo_mib），旧数据清除后才能继续接收",
                    "The repository has used up its room (storage.repo_mib): nothing more is taken until older events are removed",
                ),
                Full::Owner => Text::new(
                    "该仓库所有者的存储空间已用完（storage.owner_mib），旧数据清除后才能继续接收",
                    "The repository's owner has used up their room (storage.owner_mib): nothing more is taken until older events are removed",
                ),
            };
            ApiError {
                retry_after_seconds: Some(FULL_RETRY_AFTER_SECONDS),
                ..ApiError::unavailable(message)
            }
            .because(Reason::StorageFull)
        }
        Refusal::Busy(CommitError::Full) => {
            busy("服务繁忙，请稍后重试", "The server is busy").because(Reason::CommitQueueFull)
        }
        Refusal::Busy(CommitError::Stopped) => {
            busy("服务繁忙，请稍后重试", "The server is busy").because(Reason::Stopping)
        }
        Refusal::Busy(CommitError::Database(_)) => busy(
            "暂时无法存储，请稍后重试",
            "Nothing can be stored right now",
        )
        .because(Reason::Database),
        Refusal::Full => {
            busy("服务繁忙，请稍后重试", "The server is busy").because(Reason::MemoryFull)
        }
        Refusal::Store(store::Error::Database(error)) => {
            // When the database is away its workers say so; a line for each delivery would only
            // make it worse.
            match Fault::of(&error) {
                Some(_) => tracing::debug!(%error, "cannot look up a repository"),
                None => tracing::error!(%error, "cannot look up a repository"),
            }
            busy(
                "暂时无法处理，请稍后重试",
                "Nothing can be looked up right now",
            )
            .because(Reason::Database)
        }
        Refusal::Store(error) => ApiError::internal(error),
    }
}

fn busy(zh: &'static str, en: &'static str) -> ApiError {
    ApiError {
        retry_after_seconds: Some(RETRY_AFTER_SECONDS),
        ..ApiError::unavailable(Text::new(zh, en))
    }
}
