use super::{
    claim,
    job::{DigestJob, Member},
    text,
};
use crate::pipeline::{
    Pipeline,
    deliver::render,
    dispatch::{DispatchTarget, Slot},
    message::Job,
    queue::{
        claim::Claimed,
        quiet::Waiting,
        sweeper::{AGAIN_AFTER_US, Next, count, prepare, settle_all, unprobed},
    },
    reader::Reader,
};
use crate::target::Conversation;
use push_notify_core::{clock::Micros, id::TargetId};
use push_notify_template::scene::DIGEST;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Sends what is due of the digests that there are, and makes new ones where pushes had to wait.
pub(in crate::pipeline) async fn sweep(
    pipeline: &Pipeline,
    closed: &HashSet<TargetId>,
) -> Result<(), sqlx::Error> {
    for digest in claim::due_again(&pipeline.app, closed).await? {
        send_again(pipeline, digest).await?;
    }
    for (target_id, since) in pipeline.dispatcher.waited().released(closed) {
        merge(pipeline, target_id, since).await?;
    }
    Ok(())
}

/// As a single push would be: a digest may be what tries whether its target is well again.
async fn send_again(pipeline: &Pipeline, digest: claim::Again) -> Result<(), sqlx::Error> {
    let dispatcher = &pipeline.dispatcher;
    let aim = pipeline.caches.aim(digest.target_id).await;
    let slot = dispatcher.admit(&aim);
    let Some(slot) = slot.or_else(|| dispatcher.admit_probe(&aim)) else {
        return Ok(());
    };
    let probe = slot
        .is_probe
        .then(|| dispatcher.breakers().of(digest.target_id));
    let (claimed, taken) =
        claim::again(&pipeline.app, &digest, probe, dispatcher.uncertain()).await?;
    if let Some(health) = taken {
        dispatcher.breakers().learn(digest.target_id, health);
    }
    start(pipeline, aim, claimed, slot);
    Ok(())
}

/// Makes digests of what was due at `since`, as long as there is enough of it and the target takes
/// them.
async fn merge(pipeline: &Pipeline, target_id: TargetId, since: Micros) -> Result<(), sqlx::Error> {
    let destination = pipeline.caches.destination(target_id).await;
    let Ok(Some(destination)) = destination else {
        // What is wrong with it, each push will say.
        return Ok(());
    };
    let settings = destination.digest;
    let keeps_cards = destination.conversation != Conversation::New;
    if !settings.enabled || destination.off.is_some() {
        return Ok(());
    }
    let aim = pipeline.caches.aim(target_id).await;
    if aim.quiet {
        pipeline.dispatcher.waited().note(target_id, since);
        return Ok(());
    }
    while claim::are_waiting(&pipeline.app, target_id, since, settings.min, keeps_cards).await? {
        let Some(slot) = pipeline.dispatcher.admit(&aim) else {
            pipeline.dispatcher.waited().note(target_id, since);
            return Ok(());
        };
        let claimed = claim::merge(
            &pipeline.app,
            target_id,
            settings.max,
            keeps_cards,
            pipeline.dispatcher.uncertain(),
        )
        .await?;
        if claimed.is_empty() {
            // Another node has them.
            return Ok(());
        }
        start(pipeline, aim.clone(), claimed, slot);
    }
    Ok(())
}

/// The sweeper has others to claim for meanwhile.
fn start(pipeline: &Pipeline, aim: DispatchTarget, claimed: Vec<Claimed>, slot: Slot) {
    if claimed.is_empty() {
        return;
    }
    let own = pipeline.clone();
    pipeline.tasks.spawn(async move {
        if let Some(job) = assemble(&own, &aim, claimed, slot.is_probe).await {
            own.dispatcher.submit(job, slot);
        }
    });
}

/// The job of those that can be sent. None: each of them has ended already.
async fn assemble(
    pipeline: &Pipeline,
    aim: &DispatchTarget,
    claimed: Vec<Claimed>,
    is_probe: bool,
) -> Option<Job> {
    let mut occasions = HashMap::new();
    let mut settlements = Vec::new();
    let mut jobs = Vec::with_capacity(claimed.len());
    let mut waiting = Waiting::default();
    let most = i64::from(pipeline.app.config.delivery.max_attempts);
    for claimed in claimed {
        // One of them may be what ends servers: each is tried once more, by itself.
        if claimed.interrupted && claimed.attempt > most {
            settlements.push(claimed.defer(pipeline.app.clock.now_us()));
            continue;
        }
        match prepare(pipeline, claimed, &mut occasions).await {
            Next::Settle(settlement) => {
                count(pipeline, aim.target_id, &settlement).await;
                settlements.push(*settlement);
            }
            Next::Wait(claimed, destination) => {
                // Put off by the time that it is settled; what it may say of the target is not.
                settlements.push(claimed.defer(pipeline.app.clock.now_us() + AGAIN_AFTER_US));
                waiting.add(&claimed, destination);
            }
            Next::Send(job) => jobs.push(*job),
        }
    }
    if jobs.is_empty()
        && is_probe
        && let Some(first) = settlements.first_mut()
    {
        first.health = unprobed(pipeline, aim.target_id);
    }
    waiting.put_off(pipeline).await;
    settle_all(pipeline, settlements).await;
    jobs.sort_by_key(|job| (job.notification.received_at, job.push_id));
    if jobs.len() < 2 {
        return jobs.pop();
    }
    let destination = pipeline.caches.destination(aim.target_id).await;
    let reader = match destination {
        Ok(Some(destination)) => destination.reader.clone(),
        // Its attempt will say what is wrong.
        Ok(None) | Err(_) => Reader::usual(&pipeline.app.config.server),
    };
    let mut members = Vec::with_capacity(jobs.len());
    for job in &jobs {
        let title = own_title(pipeline, aim, job, &reader).await;
        members.push(Member {
            push_id: job.push_id,
            attempt: job.attempt,
            due_at: job.due_at,
            notification: text::notification(&job.notification, title.as_deref(), &reader),
        });
    }
    let name = |job: &Job| job.notification.event.repository.full_name.clone();
    let repository = name(&jobs[0]);
    let same = jobs.iter().all(|job| name(job) == repository);
    let mut leader = jobs.swap_remove(0);
    leader.scene = DIGEST.to_owned();
    leader.content = None;
    leader.digest = Some(Box::new(DigestJob {
        members,
        repository: same.then_some(repository),
    }));
    Some(leader)
}

/// What the push's own message would be called. None: its template does not say.
async fn own_title(
    pipeline: &Pipeline,
    aim: &DispatchTarget,
    job: &Job,
    reader: &Reader,
) -> Option<String> {
    let chosen = pipeline.caches.template(&aim.channel, &job.scene).await;
    let chosen = chosen.ok()?.ok()?;
    let rendered = render::render(&job.notification, &chosen, reader, &Arc::default()).ok()?;
    Some(rendered.title.clone())
}
