//! Takes up what waits in the table: retries, what found no room in memory, what a dead worker
//! held.

use super::{
    claim::{self, Claimed, Claims, Partition, Round, Share},
    fairness::round_robin,
    poll::poll_interval,
    quiet::Waiting,
};
use crate::{
    pipeline::{
        Pipeline,
        cache::Destination,
        commit::{Change, Settlement},
        digest,
        dispatch::Slot,
        message::{Job, Notification},
        store::{self, EventRow},
    },
    push::PushState,
    target::health::Health,
};
use futures_util::future::join_all;
use parking_lot::Mutex;
use push_notify_core::id::{EventId, ReplayId, TargetId};
use push_notify_db::Dialect;
use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    sync::Arc,
};

const MOST_AT_ONCE: usize = 128;
/// When the database did not answer in the middle of it.
pub(in crate::pipeline) const AGAIN_AFTER_US: i64 = 5_000_000;

/// Places for what is about to be claimed, by target.
type Slots = HashMap<TargetId, Vec<Slot>>;

/// Runs until the pipeline stops.
pub(in crate::pipeline) async fn run(pipeline: Pipeline) {
    let mut round = Round::default();
    let mut seen = None;
    let mut anything_waits = true;
    loop {
        let stopped = pipeline.stop.cancelled();
        let interval = poll_interval(&pipeline.app, anything_waits);
        let word = tokio::time::timeout(interval, pipeline.app.wake.notified());
        tokio::select! {
            () = stopped => return,
            _ = word => {}
        }
        refresh(&pipeline, &mut seen).await;
        pipeline.dispatcher.hand_back_expiring().await;
        let swept = sweep(&pipeline, &mut round).await;
        anything_waits = swept.unwrap_or_else(|error| {
            pipeline.app.db.report(&error, "cannot claim due pushes");
            true
        });
    }
}

/// Other servers find things out about targets, and people change them.
async fn refresh(pipeline: &Pipeline, seen: &mut Option<u64>) {
    let generation = pipeline.app.generation();
    let is_alone = pipeline.app.db.dialect() == Dialect::Sqlite;
    if is_alone && *seen == Some(generation) {
        return;
    }
    match pipeline.dispatcher.breakers().refresh(&pipeline.app).await {
        Ok(()) => *seen = Some(generation),
        Err(error) => pipeline
            .app
            .db
            .report(&error, "cannot read how the targets are"),
    }
}

/// Goes round until nothing is due or nothing more finds room. False: nothing waits at all.
async fn sweep(pipeline: &Pipeline, round: &mut Round) -> Result<bool, sqlx::Error> {
    pipeline
        .dispatcher
        .uncertain()
        .release(&pipeline.app)
        .await?;
    let mut any = false;
    loop {
        let most = pipeline.dispatcher.free_slots().min(MOST_AT_ONCE);
        if most == 0 || pipeline.stop.is_cancelled() {
            return Ok(true);
        }
        let closed = pipeline.dispatcher.closed();
        digest::sweep(pipeline, &closed).await?;
        let look = claim::look(&pipeline.app, round, &closed).await?;
        let (shares, slots) = admit(pipeline, &look.partitions, most).await;
        if !shares.is_empty() {
            any |= take(pipeline, &shares, slots).await?;
        }
        if look.is_last && !std::mem::take(&mut any) {
            return Ok(!look.is_empty);
        }
    }
}

/// What the targets have room for now, at most `most`, and the slots for it.
async fn admit(pipeline: &Pipeline, partitions: &[Partition], most: usize) -> (Vec<Share>, Slots) {
    let mut aims = HashMap::new();
    for partition in partitions {
        if let Entry::Vacant(vacant) = aims.entry(partition.target_id) {
            vacant.insert(pipeline.caches.aim(partition.target_id).await);
        }
    }
    let mut counts = vec![0; partitions.len()];
    let mut slots = Slots::new();
    let mut left = most;
    for index in round_robin(partitions) {
        if left == 0 || aims.is_empty() {
            break;
        }
        let target_id = partitions[index].target_id;
        let Some(aim) = aims.get(&target_id) else {
            continue;
        };
        let dispatcher = &pipeline.dispatcher;
        match dispatcher
            .admit(aim)
            .or_else(|| dispatcher.admit_probe(aim))
        {
            Some(slot) => {
                if slot.is_probe {
                    aims.remove(&target_id);
                }
                slots.entry(target_id).or_default().push(slot);
                counts[index] += 1;
                left -= 1;
            }
            None => {
                aims.remove(&target_id);
            }
        }
    }
    let shares = partitions.iter().zip(counts).filter(|(_, most)| *most > 0);
    let share = |(partition, most): (&Partition, usize)| {
        let mut of_target = slots.get(&partition.target_id).into_iter().flatten();
        let is_probe = of_target.any(|slot| slot.is_probe);
        Share {
            partition: partition.clone(),
            most,
            probe: is_probe.then(|| pipeline.dispatcher.breakers().of(partition.target_id)),
        }
    };
    (shares.map(share).collect(), slots)
}

/// Claims the shares and sends them on their way. False when there was nothing.
async fn take(
    pipeline: &Pipeline,
    shares: &[Share],
    mut slots: Slots,
) -> Result<bool, sqlx::Error> {
    let Claims { pushes, probes } =
        claim::claim(&pipeline.app, shares, pipeline.dispatcher.uncertain()).await?;
    for (target_id, health) in probes {
        pipeline.dispatcher.breakers().learn(target_id, health);
    }
    let any = !pushes.is_empty();
    let mut occasions = occasions(pipeline, &pushes).await;
    let mut settlements = Vec::new();
    let mut waiting = Waiting::default();
    for claimed in pushes {
        let target_id = claimed.target_id;
        let slot = slots.get_mut(&claimed.target_id).and_then(Vec::pop);
        let is_probe = slot.as_ref().is_some_and(|slot| slot.is_probe);
        match (prepare(pipeline, claimed, &mut occasions).await, slot) {
            (Next::Settle(mut settlement), _) => {
                if is_probe {
                    settlement.health = unprobed(pipeline, target_id);
                }
                count(pipeline, target_id, &settlement).await;
                settlements.push(*settlement);
            }
            (Next::Wait(claimed, destination), _) => {
                if is_probe {
                    // Put off by then: it is only about the target.
                    let again = pipeline.app.clock.now_us() + AGAIN_AFTER_US;
                    let mut settlement = claimed.defer(again);
                    settlement.health = unprobed(pipeline, target_id);
                    settlements.push(settlement);
                }
                waiting.add(&claimed, destination);
            }
            (Next::Send(job), Some(slot)) => pipeline.dispatcher.submit(*job, slot),
            (Next::Send(job), None) => settlements.extend(job.put_back()),
        }
    }
    drop(slots);
    waiting.put_off(pipeline).await;
    settle_all(pipeline, settlements).await;
    Ok(any)
}

/// Counts a push that ended without a send.
pub(in crate::pipeline) async fn count(
    pipeline: &Pipeline,
    target_id: TargetId,
    settlement: &Settlement,
) {
    if let Change::Attempted { state, .. } = &settlement.change {
        let aim = pipeline.caches.aim(target_id).await;
        pipeline.app.metrics.ended(&aim.channel, state.name());
    }
}

/// What is new of a target whose probe ended before it was sent: another may try.
pub(in crate::pipeline) fn unprobed(
    pipeline: &Pipeline,
    target_id: TargetId,
) -> Option<Box<(TargetId, Health)>> {
    let now = pipeline.app.clock.now_us();
    let noted = pipeline.dispatcher.breakers().release(target_id, now);
    noted.health.map(|health| Box::new((target_id, health)))
}

/// In one commit, if they fit.
pub(in crate::pipeline) async fn settle_all(pipeline: &Pipeline, settlements: Vec<Settlement>) {
    let settled = settlements
        .into_iter()
        .map(|settlement| pipeline.committer.persist(&pipeline.app, vec![settlement]));
    for error in join_all(settled).await.into_iter().filter_map(Result::err) {
        tracing::error!(%error, "cannot record the outcome");
    }
}

pub(in crate::pipeline) enum Next {
    Send(Box<Job>),
    Settle(Box<Settlement>),
    /// Its target has quiet hours.
    Wait(Box<Claimed>, Arc<Destination>),
}

/// Never fails: what is wrong with one push must not touch the others that were claimed with it.
pub(in crate::pipeline) async fn prepare(
    pipeline: &Pipeline,
    claimed: Claimed,
    occasions: &mut Occasions,
) -> Next {
    let now = pipeline.app.clock.now_us();
    let end = |state, reason: &str| Next::Settle(Box::new(claimed.end(now, state, reason)));
    let usual = i64::from(pipeline.app.config.delivery.max_attempts);
    let most = claimed.most_attempts.unwrap_or(usual);
    if claimed.interrupted && claimed.attempt > most {
        return end(PushState::Failed, "given up: interrupted too often");
    }
    let destination = match pipeline.caches.destination(claimed.target_id).await {
        Ok(None) => return end(PushState::Cancelled, "the target is gone"),
        Ok(Some(destination)) => Some(destination),
        // The attempt meets the same error and says so.
        Err(_) => None,
    };
    if let Some(why) = destination.as_ref().and_then(|destination| destination.off) {
        return end(PushState::Cancelled, why);
    }
    let key = (claimed.event_id, claimed.form_id);
    let notification = match occasions.get(&key) {
        Some(notification) => notification.clone(),
        None => match notification(pipeline, key).await {
            Ok(Some(notification)) => {
                occasions.insert(key, notification.clone());
                notification
            }
            Ok(None) => {
                return end(
                    PushState::Cancelled,
                    "the repository or the event is deleted",
                );
            }
            Err(store::Error::Database(error)) => {
                tracing::error!(%error, push.id = claimed.push_id.get(), "cannot read the event");
                return Next::Settle(Box::new(claimed.defer(now + AGAIN_AFTER_US)));
            }
            Err(error) => {
                tracing::error!(%error, push.id = claimed.push_id.get(), "cannot read the event");
                return end(PushState::Failed, "the stored event cannot be read");
            }
        },
    };
    let severity = notification
        .review
        .as_ref()
        .and_then(|review| review.severity);
    if let Some(destination) = destination
        && let Some(quiet) = &destination.quiet
        && claimed.is_put_off(quiet, now, severity)
    {
        return Next::Wait(Box::new(claimed), destination);
    }
    let aim = pipeline.caches.aim(claimed.target_id).await;
    Next::Send(Box::new(claimed.into_job(aim, notification)))
}

/// What an event, in the form that a replay gave it, is to the pushes of one claim.
type Occasions = HashMap<(EventId, Option<ReplayId>), Arc<Notification>>;

/// The events of a claim in one read. One that is missing here is looked at by itself, and then it
/// is said what is wrong with it.
async fn occasions(pipeline: &Pipeline, pushes: &[Claimed]) -> Occasions {
    let usual = pushes.iter().filter(|claimed| claimed.form_id.is_none());
    let ids: BTreeSet<EventId> = usual.map(|claimed| claimed.event_id).collect();
    let ids: Vec<EventId> = ids.into_iter().collect();
    if ids.len() < 2 {
        return Occasions::new();
    }
    let rows = store::events(&pipeline.app, &ids).await.unwrap_or_default();
    rows.into_iter()
        .map(|(id, row)| ((id, None), Arc::new(row.into())))
        .collect()
}

async fn notification(
    pipeline: &Pipeline,
    (event_id, form_id): (EventId, Option<ReplayId>),
) -> Result<Option<Arc<Notification>>, store::Error> {
    let row = store::event(&pipeline.app, event_id, form_id).await?;
    Ok(row.map(|row| Arc::new(row.into())))
}

impl From<EventRow> for Notification {
    fn from(row: EventRow) -> Self {
        Self {
            repo_id: row.repo_id,
            uid: row.uid,
            event: row.event,
            repo_name: row.repo_name,
            repo_url: row.repo_url,
            received_at: row.received_at,
            traceparent: row.traceparent,
            review: row.review,
            rendered: Mutex::default(),
        }
    }
}
