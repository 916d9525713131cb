//! A delivery on its way in.

use super::{
    coding::{self, Coding},
    refusal::refuse,
};
use crate::{
    app::App,
    http::{
        ApiError,
        arrival::{self, Room},
        client::Client,
        describe::{About, Content, Input},
        pace::Pace,
        rate_limit::RateLimits,
        request_id::RequestId,
    },
    pipeline::{self, BodyPermit, Caller, Pipeline, Refusal},
};
use axum::{
    Extension,
    body::Body,
    extract::{FromRequest, FromRequestParts as _, Request, rejection::ExtensionRejection},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use push_notify_host::Webhook;
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// Where anybody may send, a body has no more time than this.
const STRANGER_BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// A delivery whose body has not been read.
pub struct Inbound {
    pub(super) app: App,
    pub(super) pipeline: Pipeline,
    pub(super) limits: Arc<RateLimits>,
    pub(super) client: Client,
    pub(super) id: RequestId,
    pub(super) method: String,
    /// What follows the webhook's own address.
    pub(super) path: String,
    /// Empty where there is none.
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
}

/// One that is here in full.
pub(super) struct Arrived {
    pub(super) pipeline: Pipeline,
    pub(super) limits: Arc<RateLimits>,
    pub(super) id: RequestId,
    pub(super) webhook: Webhook,
    pub(super) _room: BodyPermit,
}

impl FromRequest<App> for Inbound {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let missing = |error: ExtensionRejection| ApiError::internal(error.body_text());
        let Extension(pipeline) = Extension::from_request_parts(&mut parts, app)
            .await
            .map_err(missing)?;
        let Extension(limits) = Extension::from_request_parts(&mut parts, app)
            .await
            .map_err(missing)?;
        let Ok(client) = Client::from_request_parts(&mut parts, app).await;
        let Ok(id) = RequestId::from_request_parts(&mut parts, app).await;
        Ok(Self {
            app: app.clone(),
            pipeline,
            limits,
            client,
            id,
            method: parts.method.as_str().to_owned(),
            path: below(parts.uri.path()).to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
        })
    }
}

/// Somebody else's words.
impl Input for Inbound {
    fn describe(about: &mut About<'_>) {
        about.body = Some(Content {
            media_type: "application/json",
            schema: json!({ "type": "object" }),
            example: None,
            required: true,
        });
    }
}

/// An [`Inbound`] whose body says nothing.
pub struct Challenged(pub(super) Inbound);

impl FromRequest<App> for Challenged {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        Inbound::from_request(request, app).await.map(Self)
    }
}

/// Somebody else's query.
impl Input for Challenged {}

impl Room for BodyPermit {
    async fn hold(&mut self, bytes: usize) -> Result<Duration, ApiError> {
        BodyPermit::hold(self, bytes).await.map_err(refuse)
    }
}

impl Inbound {
    /// Reads the body.
    pub(super) async fn arrive(self, caller: Caller) -> Result<Arrived, ApiError> {
        let server = &self.app.config.server;
        let most = server.max_webhook_bytes;
        let coding = Coding::of(&self.headers)?;
        if declared(&self.headers).is_some_and(|length| length > most) {
            return Err(ApiError::too_large(most));
        }
        let _slow = self.limits.body(&self.client)?;
        let pace = Pace::new(&self.app.config.connections);
        let pace = match caller {
            Caller::Invited => pace,
            Caller::Stranger(_) => pace.within(STRANGER_BODY_TIMEOUT),
        };
        let mut room = self.pipeline.admission(caller);
        let mut body = arrival::read(self.body, most, pace, &mut room).await?;
        if let Some(coding) = coding {
            body = coding::unpacked(&body, coding, most, &mut room).await?;
        }
        Ok(Arrived {
            _room: room,
            webhook: Webhook {
                method: self.method,
                path: self.path,
                query: self.query,
                body,
                headers: plain(&self.headers, coding.is_some()),
                received_ms: None,
            },
            pipeline: self.pipeline,
            limits: self.limits,
            id: self.id,
        })
    }

    pub(super) fn without_body(self) -> Webhook {
        Webhook {
            method: self.method,
            path: self.path,
            query: self.query,
            body: Bytes::new(),
            headers: plain(&self.headers, false),
            received_ms: None,
        }
    }
}

impl Arrived {
    pub(super) async fn receive(
        &self,
        webhook_id: &str,
        caller: Caller,
    ) -> Result<pipeline::Answer, Refusal> {
        let pipeline = &self.pipeline;
        pipeline.receive(webhook_id, &self.webhook, caller).await
    }
}

/// What follows the webhook's address: empty, or from its `/`, as it was sent.
fn below(path: &str) -> &str {
    let id_and_rest = path.strip_prefix("/webhook/").unwrap_or_default();
    let slash = id_and_rest.find('/').unwrap_or(id_and_rest.len());
    &id_and_rest[slash..]
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// As the plugin sees them. Of a body that was unpacked nobody must read that it is packed.
fn plain(headers: &HeaderMap, unpacked: bool) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| {
            !unpacked || (*name != header::CONTENT_ENCODING && *name != header::CONTENT_LENGTH)
        })
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}
