//! Rules that ask what a review came to can tell only now whether they send the event anywhere.

use super::reviewer::Reviewer;
use crate::{
    event::scene::is_quiet,
    pipeline::{explain::known, ingest::route::linked_ids, message::Reviewed, store},
    rule,
};
use push_notify_core::id::{EventId, ReplayId, TargetId};
use push_notify_rules::Occasion;

impl Reviewer {
    /// The targets that hear of an event by a rule or link now that its review is there. None:
    /// nothing hung on it, or nobody can say; then all hear.
    pub(super) async fn wanted(
        &self,
        event_id: EventId,
        form_id: Option<ReplayId>,
        review: Option<&Reviewed>,
    ) -> Result<Option<Vec<TargetId>>, sqlx::Error> {
        let rules = self.caches.rules().await?;
        if rules.is_empty() {
            return Ok(None);
        }
        let Ok(Some(row)) = store::event(&self.app, event_id, form_id).await else {
            return Ok(None);
        };
        let Ok(Some(route)) = store::route_of_repo(&self.app, row.repo_id).await else {
            return Ok(None);
        };
        let facts = rule::facts(&row.event, &route.name, &route.provider, known(review));
        let people = self.caches.people().await?;
        let audience = rules.audience(&people, &row.event, &route.url);
        let routing = rules.route(&Occasion {
            facts: &facts,
            owner: rule::owner_of(route.owner),
            linked: &linked_ids(&route),
            is_bookkeeping: is_quiet(&row.event),
            audience: audience.as_ref(),
            now: row.received_at,
        });
        let sends = routing.sends.iter();
        Ok(Some(
            sends.map(|send| TargetId::new(send.target_id)).collect(),
        ))
    }
}
