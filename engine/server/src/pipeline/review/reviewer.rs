//! The workers of this node that review: how many at a time, and how one holds on to what it works
//! at.

use super::{
    budget::Budget,
    queue::{self, Claimed, Step},
};
use crate::{
    app::App,
    otel::Span,
    pipeline::{Pipeline, cache::Caches, queue::poll::poll_interval},
};
use parking_lot::{Mutex, MutexGuard};
use push_notify_core::id::RepoId;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

const MOST_AT_ONCE: usize = 32;

/// What the workers of this node share.
pub(super) struct Reviewer {
    pub(super) app: App,
    pub(super) caches: Arc<Caches>,
    pub(super) running: Arc<Semaphore>,
    /// How many of each repository.
    pub(super) of_repo: Mutex<HashMap<RepoId, usize>>,
    pub(super) budget: Budget,
    pub(super) stop: CancellationToken,
}

/// Runs until the pipeline stops.
pub(in crate::pipeline) async fn run(pipeline: Pipeline) {
    let app = pipeline.app.clone();
    let reviewer = Arc::new(Reviewer {
        running: Arc::new(Semaphore::new(app.config.review.concurrency)),
        of_repo: Mutex::default(),
        budget: Budget::default(),
        stop: pipeline.stop.clone(),
        caches: pipeline.caches.clone(),
        app,
    });
    let mut anything_waits = true;
    loop {
        let interval = poll_interval(&reviewer.app, anything_waits);
        let word = tokio::time::timeout(interval, reviewer.app.review_wake.notified());
        tokio::select! {
            () = reviewer.stop.cancelled() => return,
            _ = word => {}
        }
        let taken = take_up(&pipeline, &reviewer).await;
        anything_waits = taken.unwrap_or_else(|error| {
            reviewer.app.db.report(&error, "cannot claim due reviews");
            true
        });
    }
}

/// Claims what is due while there is room. False: no review waits at all.
async fn take_up(pipeline: &Pipeline, reviewer: &Arc<Reviewer>) -> Result<bool, sqlx::Error> {
    loop {
        let most = reviewer.running.available_permits().min(MOST_AT_ONCE);
        let is_able = reviewer.app.db.number().is_sure() && reviewer.app.pulse.has_plugins();
        if most == 0 || !is_able || reviewer.stop.is_cancelled() {
            return Ok(true);
        }
        let Some(claimed) = queue::claim(&reviewer.app, most, &reviewer.busy()).await? else {
            return Ok(false);
        };
        if claimed.is_empty() {
            return Ok(true);
        }
        for claimed in claimed {
            let Ok(permit) = reviewer.running.clone().try_acquire_owned() else {
                queue::put_back(&reviewer.app, &claimed).await?;
                continue;
            };
            match reviewer.review_permit(claimed.repo_id, permit) {
                Some(review_permit) => {
                    let reviewer = reviewer.clone();
                    pipeline.tasks.spawn(async move {
                        reviewer.work(claimed).await;
                        drop(review_permit);
                    });
                }
                None => queue::put_back(&reviewer.app, &claimed).await?,
            }
        }
    }
}

impl Reviewer {
    /// Takes one step with a review that is ours.
    async fn work(&self, claimed: Claimed) {
        let span = self.span(&claimed);
        let step = span.scope(async {
            match claimed.step {
                Step::Review => self.review(&claimed).await,
                Step::Publish => self.publish(&claimed).await,
            }
        });
        // A model may take minutes. What is posted is posted: that is a matter of seconds, and
        // whoever stops the server waits for it.
        let stopped = async {
            match claimed.step {
                Step::Review => self.stop.cancelled().await,
                Step::Publish => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stopped => {
                if let Err(error) = queue::put_back(&self.app, &claimed).await {
                    tracing::error!(%error, review.id = claimed.id.get(), "cannot hand back a review");
                }
            }
            () = self.hold(&claimed) => {
                tracing::warn!(review.id = claimed.id.get(), "a review was taken over by another worker");
            }
            done = step => if let Err(error) = done {
                // The lease ends by itself; then the step is tried again.
                tracing::error!(%error, review.id = claimed.id.get(), "cannot record the outcome of a review");
            },
        }
    }

    fn span(&self, claimed: &Claimed) -> Span {
        let name = match claimed.step {
            Step::Review => "review",
            Step::Publish => "publish",
        };
        let stored = claimed.traceparent.as_deref();
        let span = self.app.tracer.resume(name, stored);
        span.set("event.id", claimed.id.event().get());
        span.set("repo.id", claimed.repo_id.get());
        span.set("attempt", claimed.attempt);
        span
    }

    /// Renews the lease until it is lost.
    async fn hold(&self, claimed: &Claimed) {
        let every = Duration::from_secs(self.app.config.delivery.lease_seconds.div_ceil(3));
        loop {
            tokio::time::sleep(every).await;
            match queue::renew(&self.app, claimed).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::error!(%error, review.id = claimed.id.get(), "cannot renew the lease of a review");
                }
            }
        }
    }

    /// The repositories that have as many reviews under way as they may.
    fn busy(&self) -> Vec<RepoId> {
        let most = self.app.config.review.per_repo;
        let of_repo = self.of_repo();
        let busy = of_repo.iter().filter(|(_, running)| **running >= most);
        busy.map(|(repo_id, _)| *repo_id).collect()
    }

    /// A place for a review of this repository.
    fn review_permit(
        self: &Arc<Self>,
        repo_id: RepoId,
        permit: OwnedSemaphorePermit,
    ) -> Option<ReviewPermit> {
        let mut of_repo = self.of_repo();
        let running = of_repo.entry(repo_id).or_default();
        if *running >= self.app.config.review.per_repo {
            return None;
        }
        *running += 1;
        Some(ReviewPermit {
            reviewer: self.clone(),
            repo_id,
            _permit: permit,
        })
    }

    fn of_repo(&self) -> MutexGuard<'_, HashMap<RepoId, usize>> {
        self.of_repo.lock()
    }
}

/// Dropping it frees the place and calls for the next review.
struct ReviewPermit {
    reviewer: Arc<Reviewer>,
    repo_id: RepoId,
    _permit: OwnedSemaphorePermit,
}

impl Drop for ReviewPermit {
    fn drop(&mut self) {
        let mut of_repo = self.reviewer.of_repo();
        if let Some(running) = of_repo.get_mut(&self.repo_id) {
            *running -= 1;
            if *running == 0 {
                of_repo.remove(&self.repo_id);
            }
        }
        self.reviewer.app.review_wake.notify_one();
    }
}
