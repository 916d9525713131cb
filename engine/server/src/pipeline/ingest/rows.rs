//! The rows to store for a delivery that proved itself.

use super::{
    envelope,
    one::One,
    receive::{REVIEW_SCENE, SCENE},
    route::Routed,
    scrub,
};
use crate::{
    event::{codec, scene::scene, summary},
    pipeline::{
        Pipeline,
        cache::Route,
        commit::{Accepted, NewReview},
        deliver::render::{commit_of, url},
        store,
    },
    subject::{Edge, Said},
};
use push_notify_core::{id::RepoId, random, secret::Place};
use push_notify_host::{Effect, Event, Webhook};
use push_notify_manifest::{Capability, Kind};
use push_notify_review::Trigger;
use sha2::{Digest as _, Sha256};

/// As much of a commit message as a push record shows, in characters.
const MESSAGE_LENGTH: usize = 500;

impl Pipeline {
    /// The rows to store for an authenticated delivery.
    pub(in crate::pipeline) async fn accepted(
        &self,
        route: &Route,
        delivery: One,
        webhook: &Webhook,
    ) -> Result<Accepted, store::Error> {
        let event = delivery.event;
        let review = self.review_of(route, &event);
        let Routed { aims, plan, untold } = self.routed(route, &event, review.is_some()).await?;
        let (commit_id, commit_msg) = commit_of(&event);
        let text =
            serde_json::to_vec(&event).map_err(|error| store::Error::Row(error.to_string()))?;
        let delivery_id = delivery.id;
        Ok(Accepted {
            subject: Said::of(&event, self.edge_of(route, &event)),
            untold,
            scene: review.as_ref().map_or(scene(&event), |_| REVIEW_SCENE),
            review,
            delivery_key: delivery.key,
            delivery_id,
            reason: delivery.shortened.map(|shortened| shortened.to_string()),
            effect: delivery.effect.map(bounded),
            commit_id: clean(&commit_id, 64),
            commit_msg: clean(&commit_msg, MESSAGE_LENGTH),
            packed_event: Some(codec::pack(&text)),
            event: Some(event),
            aims,
            plan,
            ..self.bare(route, webhook, &scrub::body(&route.all_settings(), webhook))
        })
    }

    /// After which events of its subject the repository wants to hear of an event.
    fn edge_of(&self, route: &Route, event: &Event) -> Edge {
        if route.tells_repeats {
            return Edge::Each;
        }
        let reminds = || {
            let manifest = self.app.host.manifest(Kind::Provider, &route.provider);
            manifest.is_some_and(|manifest| manifest.capabilities.contains(&Capability::Reminders))
        };
        Edge::of(event, event.kind == "alert" && reminds())
    }

    /// The review that the repository wants of an event.
    pub(in crate::pipeline) fn review_of(&self, route: &Route, event: &Event) -> Option<NewReview> {
        let (trigger, head_sha) = reviewable(event)?;
        if !route.review.wants(trigger, route.model_id.is_some()) {
            return None;
        }
        let request = event.merge_request.as_ref();
        let text = |text: &str| clean(text, MESSAGE_LENGTH);
        let (_, title) = commit_of(event);
        let wait = self.app.config.review.deadline_seconds as i64 * 1_000_000;
        Some(NewReview {
            kind: match trigger {
                Trigger::Push => "push",
                Trigger::MergeRequest => "merge_request",
            },
            head_sha: clean(head_sha, 64),
            branch: summary::branch(event).map(text),
            title: text(title.lines().next().unwrap_or_default()),
            author: summary::author(event).map(text),
            url: url(event).as_deref().map(text),
            number: request.and_then(|request| i64::try_from(request.number).ok()),
            due_by: self.app.clock.now_us() + wait,
        })
    }

    /// The part of the rows that does not depend on what the delivery says.
    pub(in crate::pipeline) fn bare(
        &self,
        route: &Route,
        webhook: &Webhook,
        body: &[u8],
    ) -> Accepted {
        let headers = serde_json::to_vec(&envelope::stored(webhook)).unwrap_or_default();
        Accepted {
            repo_id: route.repo_id,
            repo_name: route.name.clone(),
            repo_url: route.url.clone(),
            uid: random::hex::<16>(),
            delivery_key: String::new(),
            delivery_id: None,
            effect: None,
            reason: None,
            retry_at: None,
            parked_settings: None,
            event: None,
            packed_event: None,
            sealed_headers: self.app.vault.seal(headers_place(route.repo_id), &headers),
            packed_body: codec::pack(body),
            scene: SCENE,
            review: None,
            commit_id: String::new(),
            commit_msg: String::new(),
            aims: vec![],
            plan: None,
            subject: None,
            untold: None,
            received_at: self.app.clock.now_us(),
            traceparent: None,
        }
    }
}

/// What a review of this event is about: new commits on a branch, or of a merge request.
fn reviewable(event: &Event) -> Option<(Trigger, &str)> {
    let (trigger, sha) = match (&event.merge_request, event.kind.as_str()) {
        (Some(request), _) => {
            let brings_commits = event.kind == "merge_request"
                && matches!(&*request.action, "opened" | "updated" | "reopened");
            brings_commits.then_some((Trigger::MergeRequest, request.head_sha.as_deref()?))?
        }
        (None, "push") => (Trigger::Push, event.after.as_deref()?),
        _ => return None,
    };
    // All zeros: the branch is gone.
    let is_commit = sha.bytes().any(|byte| byte != b'0') && event.deleted != Some(true);
    is_commit.then_some((trigger, sha))
}

/// Headers are stored encrypted: some hosts send their secret in one.
pub(in crate::pipeline) fn headers_place(repo_id: RepoId) -> Place<'static> {
    Place {
        table: "events",
        column: "headers",
        row: repo_id.get(),
    }
}

/// An effect key fit for an index: a long one is replaced by its digest.
fn bounded(effect: Effect) -> Effect {
    let key = clean(&effect.key, usize::MAX);
    Effect {
        key: if key.len() <= 500 {
            key
        } else {
            digest(key.as_bytes())
        },
        source: clean(&effect.source, 64),
    }
}

pub(super) fn digest(body: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(body)))
}

/// Cut to `length` characters, without the NUL that PostgreSQL refuses.
pub(in crate::pipeline) fn clean(text: &str, length: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(length).collect()
}
