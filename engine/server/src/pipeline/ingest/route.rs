//! Whom an event goes to: what is linked to its repository, and what rules say.

use crate::{
    event::Untold,
    event::scene::is_quiet,
    person::Book,
    pipeline::{Pipeline, cache::Route, commit::Plan, dispatch::DispatchTarget, store},
    rule::{self, Choice, InForce},
};
use push_notify_core::id::TargetId;
use push_notify_host::Event;
use push_notify_rules::{Occasion, Review, Routing};

/// Where an event goes.
pub(in crate::pipeline) struct Routed {
    pub aims: Vec<DispatchTarget>,
    /// None: there are no rules.
    pub plan: Option<Plan>,
    /// Why it is told to nobody.
    pub untold: Option<Untold>,
}

impl Routed {
    /// What rules say of a message to a target.
    pub(in crate::pipeline) fn choice_for(&self, target_id: TargetId) -> Option<Choice> {
        self.plan.as_ref()?.choice_for(target_id)
    }
}

impl Pipeline {
    /// By the rules and links of now.
    pub(in crate::pipeline) async fn routed(
        &self,
        route: &Route,
        event: &Event,
        is_reviewed: bool,
    ) -> Result<Routed, store::Error> {
        let rules = self.caches.rules().await?;
        if rules.is_empty() {
            return Ok(self.linked(route, event).await);
        }
        let review = rule::review_of(is_reviewed);
        let people = self.caches.people().await?;
        let routing = self.routing(&rules, &people, route, event, review);
        let mut aims = Vec::with_capacity(routing.sends.len());
        for send in &routing.sends {
            let mut aim = self.caches.aim(TargetId::new(send.target_id)).await;
            let choice = rules.choice(send, false, |_| true);
            aim.quiet &= !choice.is_some_and(|choice| choice.urgent);
            aims.push(aim);
        }
        let untold = match (aims.is_empty(), routing.muted_by) {
            (false, _) => None,
            (true, Some(_)) => Some(Untold::Muted),
            (true, None) if is_quiet(event) => Some(Untold::Bookkeeping),
            (true, None) => Some(Untold::Unrouted),
        };
        let request = event.merge_request.as_ref();
        let head = request.and_then(|request| request.head_sha.clone());
        Ok(Routed {
            aims,
            plan: Some(Plan {
                rules,
                routing,
                head: head.or_else(|| event.after.clone()),
            }),
            untold,
        })
    }

    async fn linked(&self, route: &Route, event: &Event) -> Routed {
        let untold = match (is_quiet(event), route.targets.is_empty()) {
            (true, _) => Some(Untold::Bookkeeping),
            (false, true) => Some(Untold::Unrouted),
            (false, false) => None,
        };
        let mut aims = Vec::with_capacity(route.targets.len());
        if untold.is_none() {
            for &target_id in &route.targets {
                aims.push(self.caches.aim(target_id).await);
            }
        }
        Routed {
            aims,
            plan: None,
            untold,
        }
    }

    /// What the rules say of an event of a repository.
    pub(in crate::pipeline) fn routing(
        &self,
        rules: &InForce,
        people: &Book,
        route: &Route,
        event: &Event,
        review: Review<'_>,
    ) -> Routing {
        let facts = rule::facts(event, &route.name, &route.provider, review);
        let audience = rules.audience(people, event, &route.url);
        rules.route(&Occasion {
            facts: &facts,
            owner: rule::owner_of(route.owner),
            linked: &linked_ids(route),
            is_bookkeeping: is_quiet(event),
            audience: audience.as_ref(),
            now: self.app.clock.now_us(),
        })
    }
}

pub(in crate::pipeline) fn linked_ids(route: &Route) -> Vec<i64> {
    route.targets.iter().map(|id| id.get()).collect()
}
