//! Stage one: from a request to a committed event with a push for each target. Nothing is answered
//! with success before it is on disk.

use super::{
    admission::{BodyPermit, Caller},
    answer::{Answer, Refusal},
    authenticate,
    one::{One, each},
};
use crate::{
    otel::{Span, SpanKind},
    pipeline::{
        Pipeline,
        cache::Route,
        commit::{Acceptance, Accepted},
    },
    storage::Held,
};
use push_notify_core::{id::RepoId, random};
use push_notify_host::{
    CallError, Challenge, Delivery, Party, Reception, Rejection, SecretValue, Settings, Webhook,
};
use push_notify_manifest::Kind;
use serde_json::Map;

/// The scene of what is parked, as long as nothing is known of it.
pub(in crate::pipeline) const SCENE: &str = "commit_notify";
/// The scene of those that tell of a review.
pub(in crate::pipeline) const REVIEW_SCENE: &str = "review_notify";

/// Of a repository that there is not.
const NOWHERE: &str = "https://nowhere.invalid/nobody/nothing";

impl Pipeline {
    /// The repository that a webhook id belongs to, before anything of the body is looked at.
    /// The id of its provider comes with it.
    pub async fn repo_of(&self, webhook_id: &str) -> Result<(RepoId, String), Refusal> {
        // Ours are letters and digits: anything else needs no look-up.
        let plausible =
            webhook_id.len() <= 64 && webhook_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plausible {
            return Err(Refusal::Unknown);
        }
        let route = self.caches.route(webhook_id).await?;
        let route = route.ok_or(Refusal::Unknown)?;
        Ok((route.repo_id, route.provider.clone()))
    }

    /// BodyPermit in memory for a body; keep it as long as the body.
    pub fn admission(&self, caller: Caller) -> BodyPermit {
        self.admission.room(caller)
    }

    /// Authenticates, normalises and stores a delivery. Header names are lower case. What cannot be
    /// authenticated now is kept only for who knows the webhook's id.
    pub async fn receive(
        &self,
        webhook_id: &str,
        webhook: &Webhook,
        caller: Caller,
    ) -> Result<Answer, Refusal> {
        let route = self
            .caches
            .route(webhook_id)
            .await?
            .ok_or(Refusal::Unknown)?;
        let since = self.app.tracer.now();
        let received = match self.app.host.provider(&route.provider) {
            Some(provider) => {
                let now = self.app.clock.now_us();
                authenticate::receive(&*provider, &route, webhook, now).await
            }
            None => Err(CallError::Quarantined("it is not loaded".to_owned())),
        };
        match received {
            Ok(Ok(Reception::Challenge(challenge))) => Ok(Answer::Challenge(challenge)),
            Ok(Ok(Reception::Delivery(delivery))) => {
                let span = self.traced(&route, webhook, since);
                let stored = self.accept_all(&route, delivery, webhook, &span);
                let answer = span.scope(stored).await;
                self.observe(&route, &answer, &span);
                answer
            }
            Ok(Err(Rejection::Unauthenticated(reason))) => Err(Refusal::Unauthenticated(reason)),
            Ok(Err(Rejection::Malformed(reason))) => Err(Refusal::Malformed(reason)),
            Ok(Err(Rejection::Ignored(reason))) => {
                let outcome = [route.provider.as_str(), "ignored"];
                self.app.metrics.deliveries.of(outcome).inc();
                Ok(Answer::Ignored {
                    repo_id: route.repo_id,
                    reason,
                })
            }
            Err(error) if matches!(caller, Caller::Stranger(_)) => {
                tracing::warn!(repo.id = route.repo_id.get(), %error, "refused a delivery that nobody can authenticate now");
                Err(Refusal::OutOfOrder)
            }
            Err(error) => {
                let span = self.traced(&route, webhook, since);
                let answer = span.scope(self.park(&route, &error, webhook, &span)).await;
                self.observe(&route, &answer, &span);
                answer
            }
        }
    }

    /// What the sender of a request that must change nothing wants to hear, if its provider knows.
    /// Anything else that it could be is not taken in.
    pub async fn challenge(
        &self,
        webhook_id: &str,
        webhook: &Webhook,
    ) -> Result<Option<Challenge>, Refusal> {
        let route = self.caches.route(webhook_id).await?;
        let route = route.ok_or(Refusal::Unknown)?;
        let Some(provider) = self.app.host.provider(&route.provider) else {
            return Ok(None);
        };
        let now = self.app.clock.now_us();
        match authenticate::receive(&*provider, &route, webhook, now).await {
            Ok(Ok(Reception::Challenge(challenge))) => Ok(Some(challenge)),
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::warn!(repo.id = route.repo_id.get(), %error, "cannot answer a challenge");
                Ok(None)
            }
        }
    }

    /// What a delivery comes to that is for no repository of this provider: the same as one that is
    /// not authentic, after the same work.
    pub async fn nobodys(&self, provider: &str, webhook: &Webhook) -> Refusal {
        let host = &self.app.host;
        let Some(plugin) = host.provider(provider) else {
            return match host.manifest(Kind::Provider, provider) {
                Some(_) => Refusal::OutOfOrder,
                None => Refusal::Unknown,
            };
        };
        let secret = random::hex::<20>();
        let settings = Settings {
            config: Map::from_iter([("url".to_owned(), NOWHERE.into())]),
            secrets: vec![("webhook_secret".to_owned(), SecretValue::new(secret))],
            // What a stranger makes trap is nobody's.
            party: Party::Nobody,
        };
        match plugin.receive(webhook.clone(), &settings).await {
            Ok(Err(Rejection::Malformed(reason))) => Refusal::Malformed(reason),
            Ok(_) => Refusal::Unknown,
            Err(_) => Refusal::OutOfOrder,
        }
    }

    /// Stores each event of a delivery. When that fails for one, the sender tries again, and those
    /// before it are found to be there already.
    async fn accept_all(
        &self,
        route: &Route,
        delivery: Delivery,
        webhook: &Webhook,
        span: &Span,
    ) -> Result<Answer, Refusal> {
        let mut all: Option<Answer> = None;
        for one in each(delivery, webhook) {
            let answer = self.accept(route, one, webhook, span).await?;
            all = Some(match all {
                Some(before) => before.and(answer),
                None => answer,
            });
        }
        all.ok_or_else(|| Refusal::Malformed("it tells of nothing".to_owned()))
    }

    async fn accept(
        &self,
        route: &Route,
        delivery: One,
        webhook: &Webhook,
        span: &Span,
    ) -> Result<Answer, Refusal> {
        let repo_id = route.repo_id;
        if let Some(reason) = uninteresting(route, &delivery.event.kind) {
            return Ok(Answer::Ignored { repo_id, reason });
        }
        let commits = delivery.event.commits.len();
        let mut accepted = self.accepted(route, delivery, webhook).await?;
        accepted.traceparent = self.app.tracer.traceparent(span);
        let room = self.room_for(route, &accepted)?;
        let commit = self.app.tracer.child("commit", SpanKind::Internal);
        let Acceptance {
            event_id,
            push_ids,
            duplicate,
            ..
        } = self
            .committer
            .accept(accepted)
            .await
            .map_err(Refusal::Busy)?;
        drop(commit);
        if !duplicate {
            room.keep();
        }
        tracing::debug!(
            repo.id = repo_id.get(),
            event.id = event_id.get(),
            pushes = push_ids.len(),
            duplicate,
            "accepted"
        );
        Ok(Answer::Accepted {
            repo_id,
            event_id,
            push_ids,
            commits,
            duplicate,
        })
    }

    /// What the delivery will take up, as long as it may.
    pub(in crate::pipeline) fn room_for(
        &self,
        route: &Route,
        accepted: &Accepted,
    ) -> Result<Held, Refusal> {
        let room = route.account.take(accepted.size(), self.app.clock.now_us());
        room.map_err(|full| {
            tracing::warn!(
                repo.id = route.repo_id.get(),
                ?full,
                "refused a delivery: what may be stored is used up"
            );
            Refusal::StorageFull(full)
        })
    }
}

/// Why a repository does not want this kind of event.
pub(in crate::pipeline) fn uninteresting(route: &Route, kind: &str) -> Option<String> {
    if !route.active {
        return Some("the repository is disabled".to_owned());
    }
    let wanted = route.kinds.iter().any(|wanted| wanted == kind);
    (!wanted).then(|| format!("the repository does not take {kind} events"))
}
