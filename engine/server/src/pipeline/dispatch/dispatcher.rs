//! Runs the sends: a lane for each target, so that a slow one holds up nobody else, and one bound
//! over all.

use super::{
    breakers::Breakers,
    lane::{Capacity, Lane, Rules},
    slot::Slot,
};
use crate::{
    pipeline::{
        commit::{Acceptance, Accepted},
        deliver::send::Sender,
        digest::Waited,
        message::{Job, Lease, Notification},
        queue::lease::uncertain::UncertainLeases,
    },
    target::health::{self, Gate},
};
use parking_lot::{Mutex, MutexGuard};
use push_notify_core::{config::Role, id::TargetId};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Weak},
};
use tokio::{sync::Semaphore, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// This part of the memory for waiting pushes every target may fill. More only as long as as much
/// is left for all others.
const SHARE: usize = 8;

/// A target with its rules.
#[derive(Debug, Clone)]
pub(crate) struct DispatchTarget {
    pub target_id: TargetId,
    pub channel: Arc<str>,
    pub rules: Rules,
    /// It has quiet hours now: only what somebody asks for, or what is severe, is sent.
    pub quiet: bool,
}

#[derive(Clone)]
pub(in crate::pipeline) struct Dispatcher(Arc<Inner>);

#[derive(Clone)]
pub(in crate::pipeline) struct WeakDispatcher(Weak<Inner>);

pub(super) struct Inner {
    pub(super) sender: Sender,
    pub(super) breakers: Breakers,
    pub(super) lanes: Mutex<HashMap<TargetId, Lane<QueuedJob>>>,
    pub(super) slots: Arc<Semaphore>,
    pub(super) running: Semaphore,
    /// What one channel may take of `running`: its far side may be down as a whole.
    pub(super) of_channel: Mutex<HashMap<Arc<str>, Arc<Semaphore>>>,
    pub(super) waited: Waited,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

/// A job with its place in memory.
pub(super) type QueuedJob = (Job, Slot);

impl Dispatcher {
    pub(in crate::pipeline) fn new(
        sender: Sender,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let settings = &sender.app.config.delivery;
        Self(Arc::new(Inner {
            slots: Arc::new(Semaphore::new(settings.queue)),
            running: Semaphore::new(settings.concurrency),
            of_channel: Mutex::default(),
            waited: Waited::default(),
            lanes: Mutex::default(),
            breakers: Breakers::new(health::Rules::new(settings)),
            sender,
            tasks,
            stop,
        }))
    }

    pub(in crate::pipeline) fn downgrade(&self) -> WeakDispatcher {
        WeakDispatcher(Arc::downgrade(&self.0))
    }

    pub(in crate::pipeline) fn breakers(&self) -> &Breakers {
        &self.0.breakers
    }

    pub(in crate::pipeline) fn waited(&self) -> &Waited {
        &self.0.waited
    }

    pub(in crate::pipeline) fn free_slots(&self) -> usize {
        match self.0.takes_work() {
            true => self.0.slots.available_permits(),
            false => 0,
        }
    }

    pub(in crate::pipeline) fn uncertain(&self) -> &UncertainLeases {
        &self.0.sender.uncertain
    }

    /// A slot for each aim that has room now, and no quiet hours.
    pub(in crate::pipeline) fn reserve(&self, aims: &[DispatchTarget]) -> Vec<Option<Slot>> {
        let admit = |aim: &DispatchTarget| (!aim.quiet).then(|| self.admit(aim)).flatten();
        aims.iter().map(admit).collect()
    }

    pub(in crate::pipeline) fn admit(&self, aim: &DispatchTarget) -> Option<Slot> {
        self.enter(aim, Gate::Open)
    }

    /// A slot for the one push that is to try whether the target is well again. Whether it is the
    /// only one among all servers is found out when it is claimed.
    pub(in crate::pipeline) fn admit_probe(&self, aim: &DispatchTarget) -> Option<Slot> {
        self.enter(aim, Gate::Probe)
    }

    fn enter(&self, aim: &DispatchTarget, gate: Gate) -> Option<Slot> {
        if !self.0.takes_work() {
            return None;
        }
        let now_us = self.0.now_us();
        let found = self.0.breakers.gate(aim.target_id, now_us);
        if found != gate {
            if found == Gate::Shut {
                self.0.waited.note(aim.target_id, now_us);
            }
            return None;
        }
        let now = self.0.now();
        let most = self.0.most_in_a_lane();
        let mut lanes = self.0.lanes();
        let lane = lanes
            .entry(aim.target_id)
            .or_insert_with(|| Lane::new(aim.rules));
        lane.rules = aim.rules;
        let room = lane.room(most, now);
        if room != Capacity::Open {
            lane.turned_away = true;
            if room != Capacity::Full {
                self.0.waited.note(aim.target_id, now_us);
            }
            return None;
        }
        let permit = self.0.slots.clone().try_acquire_owned().ok()?;
        lane.admit(now);
        self.0.sender.app.metrics.held.inc();
        Some(Slot {
            target_id: aim.target_id,
            is_probe: gate == Gate::Probe,
            used: false,
            inner: self.0.clone(),
            _permit: permit,
        })
    }

    /// The targets that take nothing now.
    pub(in crate::pipeline) fn closed(&self) -> HashSet<TargetId> {
        let (now, now_us) = (self.0.now(), self.0.now_us());
        let most = self.0.most_in_a_lane();
        let mut closed: HashSet<TargetId> = self.0.breakers.shut(now_us).into_iter().collect();
        closed.iter().for_each(|id| self.0.waited.note(*id, now_us));
        let mut lanes = self.0.lanes();
        lanes.retain(|_, lane| !lane.is_idle(now));
        for (target_id, lane) in lanes.iter() {
            match lane.room(most, now) {
                Capacity::Open => continue,
                Capacity::Full => {}
                Capacity::ClosedUntil(_) => self.0.waited.note(*target_id, now_us),
            }
            closed.insert(*target_id);
        }
        closed
    }

    /// Takes over what was just committed.
    pub(in crate::pipeline) fn hand_over(
        &self,
        accepted: Accepted,
        acceptance: &Acceptance,
        slots: Vec<Option<Slot>>,
        lease: Lease,
    ) {
        let Some(event) = accepted.event else { return };
        let notification = Arc::new(Notification {
            repo_id: accepted.repo_id,
            uid: accepted.uid,
            event,
            repo_name: accepted.repo_name,
            repo_url: accepted.repo_url,
            received_at: accepted.received_at,
            traceparent: accepted.traceparent,
            review: None,
            rendered: Mutex::default(),
        });
        let mut left_behind = Vec::new();
        let mut slots = slots;
        for (push_id, made) in acceptance.push_ids.iter().zip(&acceptance.made) {
            let Some(slot) = slots.get_mut(made.aim).and_then(Option::take) else {
                left_behind.push(accepted.aims[made.aim].target_id);
                continue;
            };
            let job = Job {
                push_id: *push_id,
                aim: accepted.aims[made.aim].clone(),
                choice: made.choice.clone(),
                scene: accepted.scene.to_owned(),
                attempt: 1,
                lease,
                notification: notification.clone(),
                content: None,
                recipients: None,
                most_attempts: None,
                due_at: accepted.received_at,
                digest: None,
            };
            self.submit(job, slot);
        }
        if left_behind.is_empty() {
            return;
        }
        let app = &self.0.sender.app;
        match self.0.all_tell_of_room(&left_behind) {
            true => app.pushes_due_elsewhere(),
            false => app.pushes_due(),
        }
    }

    /// Sends the job when its lane lets it.
    pub(in crate::pipeline) fn submit(&self, job: Job, slot: Slot) {
        let mut lanes = self.0.lanes();
        let rules = job.aim.rules;
        let lane = lanes
            .entry(job.aim.target_id)
            .or_insert_with(|| Lane::new(rules));
        if lane.active >= lane.rules.concurrency {
            lane.waiting.push_back((job, slot));
            return;
        }
        lane.active += 1;
        drop(lanes);
        let inner = self.0.clone();
        self.0
            .tasks
            .spawn(async move { inner.work(job, slot).await });
    }

    /// Gives back what waits in a lane and would be sent too late for its lease.
    pub(in crate::pipeline) async fn hand_back_expiring(&self) {
        let latest = self.0.sender.latest_lease_end();
        let mut expiring = Vec::new();
        for lane in self.0.lanes().values_mut() {
            let (late, waiting) = std::mem::take(&mut lane.waiting)
                .into_iter()
                .partition(|(job, _)| job.lease.until < latest);
            lane.waiting = waiting;
            let late: VecDeque<QueuedJob> = late;
            expiring.extend(late);
        }
        self.0
            .sender
            .put_back(expiring.iter().map(|(job, _)| job))
            .await;
    }
}

impl WeakDispatcher {
    pub(in crate::pipeline) fn upgrade(&self) -> Option<Dispatcher> {
        self.0.upgrade().map(Dispatcher)
    }
}

impl Inner {
    pub(super) fn now_us(&self) -> i64 {
        self.sender.app.clock.now_us()
    }

    /// Only a worker does, and only under a number that is surely its own.
    fn takes_work(&self) -> bool {
        let app = &self.sender.app;
        !self.stop.is_cancelled()
            && app.config.server.has(Role::Worker)
            && app.pulse.has_plugins()
            && app.db.number().is_sure()
    }

    pub(super) fn now(&self) -> Instant {
        self.sender.app.clock.instant()
    }

    pub(super) fn open_sends(&self, aim: &DispatchTarget) -> Arc<Semaphore> {
        let mut lanes = self.lanes();
        let lane = lanes
            .entry(aim.target_id)
            .or_insert_with(|| Lane::new(aim.rules));
        lane.open_sends.clone()
    }

    pub(super) fn of_channel(&self, channel: &Arc<str>) -> Arc<Semaphore> {
        let mut channels = self.of_channel.lock();
        let half = (self.sender.app.config.delivery.concurrency / 2).max(1);
        channels
            .entry(channel.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(half)))
            .clone()
    }

    /// What one target may hold now.
    fn most_in_a_lane(&self) -> usize {
        self.share().max(self.slots.available_permits())
    }

    /// Whether the lanes of these targets are so full that whoever leaves one wakes the sweeper: it
    /// would look in vain before that, once for each commit.
    fn all_tell_of_room(&self, targets: &[TargetId]) -> bool {
        let lanes = self.lanes();
        let tells = |id| lanes.get(id).is_some_and(Lane::tells_of_room);
        targets.iter().all(tells)
    }

    pub(super) fn share(&self) -> usize {
        (self.sender.app.config.delivery.queue / SHARE).max(1)
    }

    pub(super) fn lanes(&self) -> MutexGuard<'_, HashMap<TargetId, Lane<QueuedJob>>> {
        self.lanes.lock()
    }
}
