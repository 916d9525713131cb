//! Takes up what waits in the table: retries, what found no room in memory, what a dead worker held; and now and then what is
//! parked.

use super::{
    Pipeline,
    commit::{Change, Settlement},
    message::{Content, Job, Occasion},
    queue::{self, Claimed},
    replay, store,
};
use crate::template::engine::Rendered;
use futures_util::future::join_all;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;

/// Without a word that something came due, look this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What is parked waits for a plugin to be loaded; what got parked for a passing reason is tried this often.
const UNPARK_EVERY: Duration = Duration::from_secs(60);
const MOST_AT_ONCE: usize = 128;
/// When the database did not answer in the middle of it.
const AGAIN_AFTER_US: i64 = 5_000_000;

/// Runs until the pipeline stops.
pub(super) async fn run(pipeline: Pipeline) {
    let mut unparked = Instant::now();
    loop {
        let stopped = pipeline.stop.cancelled();
        let word = tokio::time::timeout(LOOK_EVERY, pipeline.app.wake.notified());
        tokio::select! {
            () = stopped => return,
            _ = word => {}
        }
        pipeline.dispatcher.hand_back_expiring().await;
        if let Err(error) = sweep(&pipeline).await {
            tracing::error!(%error, "cannot claim due pushes");
        }
        if unparked.elapsed() >= UNPARK_EVERY {
            unparked = Instant::now();
            if let Err(error) = replay::unpark(&pipeline, replay::Pass::Due).await {
                tracing::error!(%error, "cannot take up parked work");
            }
        }
    }
}

async fn sweep(pipeline: &Pipeline) -> Result<(), sqlx::Error> {
    loop {
        let most = pipeline.dispatcher.free_slots().min(MOST_AT_ONCE);
        if most == 0 || pipeline.stop.is_cancelled() {
            return Ok(());
        }
        let closed = pipeline.dispatcher.closed();
        let claimed = queue::claim(&pipeline.app, most, &closed).await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let mut occasions = HashMap::new();
        let mut settlements = Vec::new();
        for claimed in claimed {
            match prepare(pipeline, claimed, &mut occasions).await {
                Next::Settle(settlement) => settlements.push(settlement),
                Next::Send(job) => match pipeline.dispatcher.admit(&job.aim) {
                    Some(slot) => pipeline.dispatcher.submit(*job, slot),
                    None => settlements.push(job.put_back()),
                },
            }
        }
        // Together: one commit for all.
        let settled = settlements
            .into_iter()
            .map(|settlement| pipeline.committer.settle(settlement));
        for error in join_all(settled).await.into_iter().filter_map(Result::err) {
            tracing::error!(%error, "cannot record the outcome");
        }
    }
}

enum Next {
    Send(Box<Job>),
    Settle(Settlement),
}

/// Never fails: what is wrong with one push must not touch the others that were claimed with it.
async fn prepare(
    pipeline: &Pipeline,
    claimed: Claimed,
    occasions: &mut HashMap<i64, Arc<Occasion>>,
) -> Next {
    let now = pipeline.app.clock.now_us();
    let end = |state, reason: &str| Next::Settle(claimed.end(now, state, reason));
    let usual = i64::from(pipeline.app.config.delivery.max_attempts);
    let most = claimed.most_attempts.unwrap_or(usual);
    if claimed.interrupted && claimed.attempt > most {
        return end("failed", "given up: interrupted too often");
    }
    let occasion = match occasions.get(&claimed.event_id) {
        Some(occasion) => occasion.clone(),
        None => match occasion(pipeline, claimed.event_id).await {
            Ok(Some(occasion)) => {
                occasions.insert(claimed.event_id, occasion.clone());
                occasion
            }
            Ok(None) => return end("cancelled", "the repository or the event is deleted"),
            Err(store::Error::Database(error)) => {
                tracing::error!(%error, push.id = claimed.push_id, "cannot read the event");
                return Next::Settle(claimed.defer(now + AGAIN_AFTER_US));
            }
            Err(error) => {
                tracing::error!(%error, push.id = claimed.push_id, "cannot read the event");
                return end("failed", "the stored event cannot be read");
            }
        },
    };
    match pipeline.contexts.destination(claimed.target_id).await {
        Ok(None) => return end("cancelled", "the target is gone"),
        Ok(Some(destination)) => {
            if let Some(why) = destination.off {
                return end("cancelled", why);
            }
        }
        // The attempt meets the same error and says so.
        Err(_) => {}
    }
    let aim = pipeline.contexts.aim(claimed.target_id).await;
    Next::Send(Box::new(claimed.into_job(aim, occasion)))
}

async fn occasion(
    pipeline: &Pipeline,
    event_id: i64,
) -> Result<Option<Arc<Occasion>>, store::Error> {
    let row = store::event(&pipeline.app, event_id).await?;
    Ok(row.map(|row| {
        Arc::new(Occasion {
            uid: row.uid,
            event: row.event,
            repo_name: row.repo_name,
            repo_url: row.repo_url,
            received_at: row.received_at,
            review: row.review,
            rendered: Mutex::default(),
        })
    }))
}

impl Claimed {
    fn into_job(self, aim: super::dispatch::Aim, occasion: Arc<Occasion>) -> Job {
        let text = self.title.zip(self.body);
        Job {
            push_id: self.push_id,
            aim,
            scene: self.scene,
            attempt: self.attempt,
            lease: self.lease,
            occasion,
            content: text.map(|(title, body)| Content {
                template_id: self.template_id,
                rendered: Arc::new(Rendered { title, body }),
            }),
            recipients: self.recipients,
            most_attempts: self.most_attempts,
            due_at: self.due_at,
        }
    }

    /// Ends the push without a send.
    fn end(&self, now: i64, state: &'static str, reason: &str) -> Settlement {
        Settlement {
            push_id: self.push_id,
            lease: self.lease,
            change: Change::Attempted {
                attempt: self.attempt,
                outcome: "cancelled",
                detail: Some(reason.to_owned()),
                started_at: now,
                duration_us: 0,
                state,
                run_at: now,
                content: None,
                recipients: self.recipients.clone(),
            },
        }
    }

    fn defer(&self, run_at: i64) -> Settlement {
        Settlement {
            push_id: self.push_id,
            lease: self.lease,
            change: Change::Deferred {
                attempts: self.attempt - 1,
                run_at,
            },
        }
    }
}
