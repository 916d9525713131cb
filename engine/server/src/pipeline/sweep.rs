//! Takes up what waits in the table: retries, what found no room in memory, what a dead worker held.

use super::{
    Pipeline,
    commit::{Change, Settlement},
    dispatch::Aim,
    lane::Rules,
    message::{Content, Job, Occasion},
    queue::{self, Claimed},
    store,
};
use crate::template::engine::Rendered;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

/// Without a word that something came due, look this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const MOST_AT_ONCE: usize = 128;

/// Runs until the pipeline stops.
pub(super) async fn run(pipeline: Pipeline) {
    loop {
        let stopped = pipeline.stop.cancelled();
        let word = tokio::time::timeout(LOOK_EVERY, pipeline.app.wake.notified());
        tokio::select! {
            () = stopped => return,
            _ = word => {}
        }
        if let Err(error) = sweep(&pipeline).await {
            tracing::error!(%error, "cannot claim due pushes");
        }
    }
}

async fn sweep(pipeline: &Pipeline) -> Result<(), store::Error> {
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
        for claimed in claimed {
            take_up(pipeline, claimed, &mut occasions).await?;
        }
    }
}

async fn take_up(
    pipeline: &Pipeline,
    claimed: Claimed,
    occasions: &mut HashMap<i64, Option<Arc<Occasion>>>,
) -> Result<(), store::Error> {
    let event_id = claimed.event_id;
    let occasion = match occasions.get(&event_id) {
        Some(occasion) => occasion.clone(),
        None => {
            let occasion = occasion(pipeline, event_id).await?;
            occasions.insert(event_id, occasion.clone());
            occasion
        }
    };
    let Some(occasion) = occasion else {
        end(
            pipeline,
            &claimed,
            "cancelled",
            "the repository or the event is deleted",
        )
        .await;
        return Ok(());
    };
    if claimed.attempt > i64::from(pipeline.app.config.delivery.max_attempts) {
        end(
            pipeline,
            &claimed,
            "failed",
            "given up: interrupted too often",
        )
        .await;
        return Ok(());
    }
    let destination = pipeline.contexts.destination(claimed.target_id).await?;
    let rules = destination.map_or(
        Rules {
            rate: None,
            concurrency: 1,
        },
        |destination| Rules {
            rate: destination.rate,
            concurrency: destination.concurrency,
        },
    );
    let aim = Aim {
        target_id: claimed.target_id,
        rules,
    };
    let content = claimed
        .title
        .zip(claimed.body)
        .map(|(title, body)| Content {
            template_id: claimed.template_id,
            rendered: Arc::new(Rendered { title, body }),
        });
    let job = Job {
        push_id: claimed.push_id,
        aim,
        scene: claimed.scene,
        attempt: claimed.attempt,
        lease: claimed.lease,
        occasion,
        content,
        recipients: claimed.recipients,
        due_at: claimed.due_at,
    };
    match pipeline.dispatcher.admit(aim) {
        Some(slot) => pipeline.dispatcher.submit(job, slot),
        None => pipeline.dispatcher.put_back(&job).await,
    }
    Ok(())
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
            rendered: Mutex::default(),
        })
    }))
}

/// Ends a push without a send.
async fn end(pipeline: &Pipeline, claimed: &Claimed, state: &'static str, reason: &str) {
    let now = pipeline.app.clock.now_us();
    let settled = pipeline.committer.settle(Settlement {
        push_id: claimed.push_id,
        lease: claimed.lease,
        change: Change::Attempted {
            attempt: claimed.attempt,
            outcome: "cancelled",
            detail: Some(reason.to_owned()),
            started_at: now,
            duration_us: 0,
            state,
            run_at: now,
            content: None,
            recipients: claimed.recipients.clone(),
        },
    });
    if let Err(error) = settled.await {
        tracing::error!(%error, push.id = claimed.push_id, "cannot record the outcome");
    }
}
