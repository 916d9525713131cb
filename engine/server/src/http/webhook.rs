//! `POST /webhook/{webhook_id}`: where Git hosts deliver.

use super::{Answer, ApiError, Reply, Text, rate_limit::RateLimits, request_id::RequestId};
use crate::{
    app::App,
    pipeline::{self, CommitError, Pipeline, Refusal, store},
};
use axum::{
    Extension,
    body::{Body, Bytes, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
};
use push_notify_host::Webhook;
use schemars::JsonSchema;
use serde::Serialize;
use std::{sync::Arc, time::Duration};

/// A host that cannot send its delivery in this time is cut off.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a host should wait when this server is full.
const RETRY_AFTER_SECONDS: u64 = 5;

const DONE: Text = Text::new("Webhook处理成功", "Webhook accepted");
const IGNORED: Text = Text::new("Webhook已忽略", "Webhook ignored");
const PARKED: Text = Text::new(
    "Webhook已暂存，待插件恢复后处理",
    "Webhook parked until its plugin works again",
);

/// What became of a delivery.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Delivered {
    request_id: String,
    repo_id: i64,
    commits_count: usize,
    /// The first of `push_ids`.
    push_id: Option<i64>,
    /// processing, ignored or parked.
    status: &'static str,
    event_id: Option<i64>,
    push_ids: Vec<i64>,
    /// It had come before; the ids are those of the first time.
    duplicate: bool,
    /// Why it is ignored.
    reason: Option<String>,
}

pub async fn deliver(
    State(app): State<App>,
    Extension(pipeline): Extension<Pipeline>,
    Extension(limits): Extension<Arc<RateLimits>>,
    Path(webhook_id): Path<String>,
    id: RequestId,
    headers: HeaderMap,
    body: Body,
) -> Answer<Delivered> {
    let repo_id = pipeline.repo_of(&webhook_id).await.map_err(refuse)?;
    limits.webhook(repo_id)?;
    let _intake = pipeline.intake(declared(&headers)).await.map_err(refuse)?;
    let body = read(body, &headers, app.config.server.max_webhook_bytes).await?;
    let webhook = Webhook {
        headers: plain(&headers),
        body,
    };
    let request_id = id.as_str().to_owned();
    match pipeline
        .receive(&webhook_id, webhook)
        .await
        .map_err(refuse)?
    {
        pipeline::Answer::Accepted {
            repo_id,
            event_id,
            push_ids,
            commits,
            duplicate,
        } => Reply::say(
            DONE,
            Delivered {
                request_id,
                repo_id,
                commits_count: commits,
                push_id: push_ids.first().copied(),
                status: "processing",
                event_id: Some(event_id),
                push_ids,
                duplicate,
                reason: None,
            },
        ),
        pipeline::Answer::Ignored { repo_id, reason } => Reply::say(
            IGNORED,
            Delivered {
                request_id,
                repo_id,
                status: "ignored",
                reason: Some(reason),
                ..Delivered::default()
            },
        ),
        pipeline::Answer::Parked { repo_id, event_id } => Reply::say(
            PARKED,
            Delivered {
                request_id,
                repo_id,
                status: "parked",
                event_id: Some(event_id),
                ..Delivered::default()
            },
        )
        .map(|reply| reply.status(StatusCode::ACCEPTED)),
    }
}

async fn read(body: Body, headers: &HeaderMap, most: usize) -> Result<Bytes, ApiError> {
    if declared(headers).is_some_and(|declared| declared > most) {
        return Err(ApiError::too_large(most));
    }
    let arrival = tokio::time::timeout(PATIENCE, to_bytes(body, most)).await;
    arrival
        .map_err(|_| ApiError::body_timeout())?
        .map_err(|error| {
            // The only other error is a connection that broke, and nobody is there to read the answer.
            tracing::debug!(%error, "a delivery did not arrive in full");
            ApiError::too_large(most)
        })
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

fn plain(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}

/// A refusal never says more than the sender may know: the parser's reasons are about its own request.
fn refuse(refusal: Refusal) -> ApiError {
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
        ),
        Refusal::Busy(CommitError::Full | CommitError::Stopped) => {
            busy("服务繁忙，请稍后重试", "The server is busy")
        }
        Refusal::Busy(CommitError::Database(_)) => busy(
            "暂时无法存储，请稍后重试",
            "Nothing can be stored right now",
        ),
        Refusal::Full => busy("服务繁忙，请稍后重试", "The server is busy"),
        Refusal::Store(store::Error::Database(error)) => {
            tracing::error!(%error, "cannot look up a repository");
            busy(
                "暂时无法处理，请稍后重试",
                "Nothing can be looked up right now",
            )
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
