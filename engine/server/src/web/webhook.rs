//! Where sources deliver: `POST /webhook/{webhook_id}` and whatever lies below it, and for hosts
//! that are set up by something else than us `/api/v1/webhooks/{provider}/{repo_id}`,
//! `/api/v1/webhooks/{provider}` and `/api/v1/webhooks`. Of these three nobody learns which
//! repositories there are: whoever cannot prove himself is answered the same, after the same work.

mod coding;
mod git_host;
mod heard;
mod inbound;
mod refusal;

use crate::{
    app::App,
    http::{Answer, ApiError, Reply, error::Reason, request_id::RequestId},
    pipeline::{self, Caller, Pipeline, Refusal},
};
use axum::{extract::Path, http::StatusCode};
use heard::Heard;
use inbound::{Challenged, Inbound};
use push_notify_core::{
    i18n::Text,
    id::{EventId, PushId, RepoId},
};
use push_notify_host::Webhook;
use push_notify_manifest::Kind;
pub(super) use refusal::refuse;
use refusal::refuse_claim;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const ABOUT: Text = Text::new(
    "这是Push Notify的Webhook地址，请用POST发送Git事件",
    "A webhook address of Push Notify: Git events are to be sent here by POST",
);
const DONE: Text = Text::new("Webhook处理成功", "Webhook accepted");
pub(super) const IGNORED: Text = Text::new("Webhook已忽略", "Webhook ignored");
pub(super) const PARKED: Text = Text::new(
    "Webhook已暂存，待插件恢复后处理",
    "Webhook parked until its plugin works again",
);

/// Of a path, whatever follows it.
#[derive(Deserialize)]
pub struct WebhookId {
    webhook_id: String,
}

/// What a webhook address is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Address {
    /// POST.
    method: &'static str,
}

/// What became of a delivery.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Delivered {
    request_id: String,
    repo_id: RepoId,
    commits_count: usize,
    /// The first of `push_ids`.
    push_id: Option<PushId>,
    /// processing, ignored or parked.
    status: &'static str,
    event_id: Option<EventId>,
    push_ids: Vec<PushId>,
    /// It had come before; the ids are those of the first time.
    duplicate: bool,
    /// Why it is ignored.
    reason: Option<String>,
}

/// `GET` and `HEAD` of the others, whether or not there is such a repository: hosts and people try
/// whether somebody answers.
pub async fn about() -> Answer<Address> {
    Reply::say(ABOUT, Address { method: "POST" })
}

/// `GET` and `HEAD` of `/webhook/{webhook_id}` and below it: what the provider wants to be
/// answered, where the request is a challenge. They make no events, and nobody learns of them
/// whether there is such a repository.
pub async fn challenge(
    Path(WebhookId { webhook_id }): Path<WebhookId>,
    Challenged(inbound): Challenged,
) -> Result<Heard<Address>, ApiError> {
    // Without anything to repeat nothing was asked.
    let asks = !inbound.query.is_empty() || !inbound.path.trim_matches('/').is_empty();
    let repo = match asks {
        true => inbound.pipeline.repo_of(&webhook_id).await,
        false => Err(Refusal::Unknown),
    };
    let (repo_id, provider) = match repo {
        Ok(repo) => repo,
        Err(Refusal::Unknown) => return about().await.map(Heard::Told),
        Err(refusal) => return Err(refuse(refusal)),
    };
    let limit = inbound.limits.webhook(repo_id).await;
    limit.map_err(|error| too_soon(&inbound.app, &provider, error))?;
    let pipeline = inbound.pipeline.clone();
    let webhook = inbound.without_body();
    match pipeline.challenge(&webhook_id, &webhook).await {
        Ok(Some(challenge)) => Ok(Heard::Challenge(challenge)),
        Ok(None) | Err(Refusal::Unknown) => about().await.map(Heard::Told),
        Err(refusal) => Err(refuse(refusal)),
    }
}

/// `POST /webhook/{webhook_id}`, and below it.
pub async fn deliver(
    Path(WebhookId { webhook_id }): Path<WebhookId>,
    inbound: Inbound,
) -> Result<Heard<Delivered>, ApiError> {
    let repo = inbound.pipeline.repo_of(&webhook_id).await;
    let (repo_id, provider) = repo.map_err(refuse)?;
    let limit = inbound.limits.webhook(repo_id).await;
    limit.map_err(|error| too_soon(&inbound.app, &provider, error))?;
    let arrived = inbound.arrive(Caller::Invited).await?;
    let answer = arrived.receive(&webhook_id, Caller::Invited).await;
    delivered(answer.map_err(refuse)?, &arrived.id)
}

/// `POST /api/v1/webhooks/{provider}/{repo_id}`
pub async fn deliver_to(
    Path((provider, repo_id)): Path<(String, String)>,
    inbound: Inbound,
) -> Result<Heard<Delivered>, ApiError> {
    inbound.limits.stranger(inbound.client.ip).await?;
    inbound
        .receive_claim(&provider, async |pipeline, _| {
            let repo_id = repo_id.parse().map_err(|_| Refusal::Unknown)?;
            let webhook_id = pipeline.webhook_of(&provider, repo_id).await?;
            Ok(vec![(repo_id, webhook_id)])
        })
        .await
}

/// `POST /api/v1/webhooks/{provider}`: where several repositories have this URL, the one whose
/// secret fits.
pub async fn deliver_by_url(
    Path(provider): Path<String>,
    inbound: Inbound,
) -> Result<Heard<Delivered>, ApiError> {
    inbound.limits.stranger(inbound.client.ip).await?;
    inbound.receive_by_url(&provider).await
}

/// `POST /api/v1/webhooks`: the same, for the host that the headers tell.
pub async fn deliver_by_headers(inbound: Inbound) -> Result<Heard<Delivered>, ApiError> {
    inbound.limits.stranger(inbound.client.ip).await?;
    let provider = git_host::provider(&inbound.app.host.dialects(), &inbound.headers)?;
    inbound.receive_by_url(&provider).await
}

impl Inbound {
    /// Reads the body, and finds the webhook by the URL that it holds.
    async fn receive_by_url(self, provider: &str) -> Result<Heard<Delivered>, ApiError> {
        self.receive_claim(provider, async |pipeline, webhook| {
            pipeline.webhooks_named_in(provider, webhook).await
        })
        .await
    }

    /// Reads the body and hands it to the first of the webhooks that `find` names whose secret
    /// fits. Until then it is nobody's: it takes nothing from a repository's limit.
    async fn receive_claim(
        self,
        provider: &str,
        find: impl AsyncFnOnce(&Pipeline, &Webhook) -> Result<Vec<(RepoId, String)>, Refusal>,
    ) -> Result<Heard<Delivered>, ApiError> {
        let stranger = Caller::Stranger(self.client.ip);
        let app = self.app.clone();
        let arrived = self.arrive(stranger).await?;
        let named = match find(&arrived.pipeline, &arrived.webhook).await {
            Err(Refusal::Unknown) => Vec::new(),
            named => named.map_err(refuse)?,
        };
        if named.is_empty() {
            let refusal = arrived.pipeline.nobodys(provider, &arrived.webhook).await;
            return Err(refuse_claim(refusal));
        }
        let mut exhausted = None;
        let mut last = Refusal::Unknown;
        for (repo_id, webhook_id) in named {
            if let Err(error) = arrived.limits.webhook_left(repo_id).await {
                exhausted = Some(too_soon(&app, provider, error));
                continue;
            }
            match arrived.receive(&webhook_id, stranger).await {
                Err(refusal @ Refusal::Unauthenticated(_)) => last = refusal,
                answer => {
                    let answer = answer.map_err(refuse_claim)?;
                    // It is taken in: one too many at the same moment is no reason to refuse it.
                    let _ = arrived.limits.webhook(repo_id).await;
                    return delivered(answer, &arrived.id);
                }
            }
        }
        Err(exhausted.unwrap_or_else(|| refuse_claim(last)))
    }
}

fn delivered(answer: pipeline::Answer, id: &RequestId) -> Result<Heard<Delivered>, ApiError> {
    let request_id = id.as_str().to_owned();
    let reply = match answer {
        pipeline::Answer::Challenge(challenge) => return Ok(Heard::Challenge(challenge)),
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
    };
    reply.map(Heard::Told)
}

/// A sender that tries again only after an error of the server is told of one.
fn too_soon(app: &App, provider: &str, error: ApiError) -> ApiError {
    let manifest = app.host.manifest(Kind::Provider, provider);
    let busy = manifest.map(|manifest| manifest.webhook.busy);
    if busy != Some(StatusCode::SERVICE_UNAVAILABLE.as_u16()) {
        return error;
    }
    ApiError {
        retry_after_seconds: error.retry_after_seconds,
        ..ApiError::unavailable(error.message)
    }
    .because(Reason::RateLimited)
}
