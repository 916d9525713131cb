//! A delivery that its parser cannot read now is kept as it came, with what it is to be judged by.
//! Nobody has authenticated it yet, so that of these there are only so many.

use super::late;
use crate::{
    event,
    otel::Span,
    pipeline::{
        Answer, Pipeline, Refusal,
        cache::Route,
        commit::Accepted,
        ingest::{rows::clean, scrub},
        store,
    },
};
use push_notify_core::{clock::MINUTE_US, id::RepoId};
use push_notify_host::{CallError, Webhook};
use sha2::{Digest as _, Sha256};
use std::time::{Duration, Instant};

/// A parked delivery is first tried again by itself after this.
const FIRST_RETRY_US: i64 = MINUTE_US;

/// How often it is counted what all parked deliveries take up.
const COUNTED_EVERY: Duration = Duration::from_secs(10);

impl Pipeline {
    pub(in crate::pipeline) async fn park(
        &self,
        route: &Route,
        error: &CallError,
        webhook: &Webhook,
        span: &Span,
    ) -> Result<Answer, Refusal> {
        let repo_id = route.repo_id;
        if let CallError::Resting(why) = error {
            let now = self.app.clock.now_us();
            store::repo_rests(&self.app, repo_id, &clean(why, 500), now).await?;
        }
        let reason = format!("provider `{}`: {error}", route.provider);
        let accepted = Accepted {
            delivery_key: parked_key(webhook),
            retry_at: Some(self.app.clock.now_us() + FIRST_RETRY_US),
            parked_settings: Some(late::seal(&self.app.vault, route)),
            reason: Some(clean(&reason, 2000)),
            traceparent: self.app.tracer.traceparent(span),
            // Whole: it is authenticated again when it is replayed.
            ..self.bare(route, webhook, &webhook.body)
        };
        let size = accepted.packed_body.len();
        if !self.has_room_to_park(repo_id, size).await? {
            return Err(Refusal::ParkedFull);
        }
        let room = self.room_for(route, &accepted)?;
        let acceptance = self
            .committer
            .accept(accepted)
            .await
            .map_err(Refusal::Busy)?;
        if !acceptance.duplicate {
            tracing::error!(
                repo.id = repo_id.get(),
                event.id = acceptance.event_id.get(),
                reason,
                "parked a delivery"
            );
            room.keep();
        }
        Ok(Answer::Parked {
            repo_id,
            event_id: acceptance.event_id,
        })
    }

    /// Whether a body of so many bytes, as it is stored, can be parked besides what there is.
    pub(in crate::pipeline) async fn has_room_to_park(
        &self,
        repo_id: RepoId,
        bytes: usize,
    ) -> Result<bool, store::Error> {
        let settings = &self.app.config.storage;
        let more = i64::try_from(bytes).unwrap_or(i64::MAX);
        let (count, there) = event::store::parked_of_repo(self.app.db.read(), repo_id).await?;
        if count >= i64::from(self.app.config.webhook.max_parked)
            || !fits(there, more, settings.parked_repo_mib)
        {
            return Ok(false);
        }
        // Of all repositories it is counted now and then; in between this server counts what it
        // parks itself.
        let now = Instant::now();
        let mut counted = self.parked_bytes.lock().await;
        let (there, at) = match *counted {
            Some((there, at)) if now.duration_since(at) < COUNTED_EVERY => (there, at),
            _ => (event::store::parked_bytes(self.app.db.read()).await?, now),
        };
        let fits = fits(there, more, settings.parked_mib);
        let there = if fits {
            there.saturating_add(more)
        } else {
            there
        };
        *counted = Some((there, at));
        Ok(fits)
    }
}

/// 0: no bound.
fn fits(there: i64, more: i64, most_mib: u64) -> bool {
    let most = i64::try_from(most_mib.saturating_mul(1 << 20)).unwrap_or(i64::MAX);
    most == 0 || there.saturating_add(more) <= most
}

/// The same for the same body with the same proof. Nobody knows yet which proof is sound: a forged
/// one must not stand for the authentic delivery.
fn parked_key(webhook: &Webhook) -> String {
    let mut hash = Sha256::new();
    for (name, value) in scrub::proofs(webhook) {
        hash.update(format!("{name}:{value}\n"));
    }
    hash.update(&webhook.body);
    format!("parked:sha256:{}", hex::encode(hash.finalize()))
}
