//! Where an event goes by the rules of now, and why: of one that is stored, of a delivery that
//! somebody pasted, of one that was made up.

use super::{
    Pipeline,
    cache::Route,
    deliver::Cast,
    ingest::{authenticate, envelope, route::linked_ids},
    message::Reviewed,
    rehearsal, store,
};
use crate::{
    event::scene::is_quiet,
    rule::{self, Choice, Routes},
};
use push_notify_core::{
    clock::Micros,
    id::{EventId, RepoId},
};
use push_notify_host::{CallError, Event, Reception, Rejection};
use push_notify_manifest::Kind;
use push_notify_review::Decision;
use push_notify_rules::{Occasion, Review, Reviewed as Known, Severity};

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    #[error("there is no such repository")]
    NoRepo,
    #[error("the delivery is parked: nobody could read it yet")]
    Parked,
    #[error("{0}")]
    Rejected(Rejection),
    #[error("{0}")]
    OutOfOrder(CallError),
    #[error("the delivery tells of no event")]
    NoEvent,
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A delivery that somebody pasted.
pub struct Pasted {
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Pipeline {
    /// Of a stored event.
    pub async fn routes_of(&self, event_id: EventId) -> Result<Routes, ExplainError> {
        let Some(row) = store::event(&self.app, event_id, None).await? else {
            return Err(ExplainError::Parked);
        };
        let route = self.route_of(row.repo_id).await?;
        let review = known(row.review.as_ref());
        let mut routes = self
            .explained(&route, &row.event, review, Some(row.received_at))
            .await?;
        routes.event_id = Some(event_id);
        Ok(routes)
    }

    /// Of an event that never came.
    pub async fn routes_of_made_up(
        &self,
        repo_id: RepoId,
        event: &Event,
    ) -> Result<Routes, ExplainError> {
        let route = self.route_of(repo_id).await?;
        let is_reviewed = self.review_of(&route, event).is_some();
        self.explained(&route, event, rule::review_of(is_reviewed), None)
            .await
    }

    /// Of the first event of a delivery, which need not prove itself.
    pub async fn routes_of_pasted(
        &self,
        repo_id: RepoId,
        pasted: Pasted,
    ) -> Result<Routes, ExplainError> {
        let route = self.route_of(repo_id).await?;
        let manifest = self.app.host.manifest(Kind::Provider, &route.provider);
        let provider = self.app.host.provider(&route.provider);
        let (Some(manifest), Some(provider)) = (manifest, provider) else {
            let gone = CallError::Quarantined(format!("{} is not loaded", route.provider));
            return Err(ExplainError::OutOfOrder(gone));
        };
        let now = self.app.clock.now_us();
        let mut headers = pasted.headers;
        if let Some(declared) = &manifest.webhook.sample {
            let proof = rehearsal::proof(declared, &route, &pasted.body, now);
            headers.retain(|(name, _)| proof.iter().all(|(proving, _)| proving != name));
            headers.extend(proof);
        }
        let webhook = envelope::read(headers, pasted.body.into());
        let received = authenticate::receive(&*provider, &route, &webhook, now).await;
        let event = match received.map_err(ExplainError::OutOfOrder)? {
            Ok(Reception::Delivery(delivery)) => delivery.events.into_iter().next(),
            Ok(Reception::Challenge(_)) => None,
            Err(rejection) => return Err(ExplainError::Rejected(rejection)),
        };
        let event = event.ok_or(ExplainError::NoEvent)?;
        let is_reviewed = self.review_of(&route, &event).is_some();
        self.explained(&route, &event, rule::review_of(is_reviewed), None)
            .await
    }

    async fn route_of(&self, repo_id: RepoId) -> Result<Route, ExplainError> {
        let route = store::route_of_repo(&self.app, repo_id).await?;
        route.ok_or(ExplainError::NoRepo)
    }

    async fn explained(
        &self,
        route: &Route,
        event: &Event,
        review: Review<'_>,
        received_at: Option<Micros>,
    ) -> Result<Routes, ExplainError> {
        let rules = self.caches.rules().await.map_err(store::Error::from)?;
        let people = self.caches.people().await.map_err(store::Error::from)?;
        let audience = rules.audience(&people, event, &route.url);
        let facts = rule::facts(event, &route.name, &route.provider, review);
        let occasion = Occasion {
            facts: &facts,
            owner: rule::owner_of(route.owner),
            linked: &linked_ids(route),
            is_bookkeeping: is_quiet(event),
            audience: audience.as_ref(),
            now: received_at.unwrap_or_else(|| self.app.clock.now_us()),
        };
        let called = |choice: &Choice| {
            let cast = Cast::new(event, &route.url, &choice.mentions, &people);
            cast.called()
        };
        Ok(rules.explain(&occasion, received_at, called))
    }
}

/// What rules can ask of a review.
pub(super) fn known(review: Option<&Reviewed>) -> Review<'_> {
    let Some(review) = review else {
        return Review::None;
    };
    if review.completed_at.is_none() {
        return Review::Awaited;
    }
    let severity = review.severity.map(|severity| match severity {
        push_notify_review::Severity::Critical => Severity::Critical,
        push_notify_review::Severity::High => Severity::High,
        push_notify_review::Severity::Medium => Severity::Medium,
        push_notify_review::Severity::Low => Severity::Low,
    });
    Review::Done(Known {
        decision: review.decision.map(Decision::name),
        score: review.score,
        severity: severity.map(Severity::name),
        issues: i64::try_from(review.issues.len()).unwrap_or(i64::MAX),
    })
}
