//! What a lane's workers do.

use super::{
    breakers::Noted, converse::members, dispatcher::Inner, slot::Slot, worker_guard::WorkerGuard,
};
use crate::{
    pipeline::message::Job,
    target::health::{Gate, HealthSignal},
};
use push_notify_core::{clock::Micros, id::TargetId};
use std::{iter::once, sync::Arc, time::Duration};

impl Inner {
    /// Works through a lane, beginning with `job`.
    pub(super) async fn work(self: Arc<Self>, job: Job, slot: Slot) {
        let mut guard = WorkerGuard::of(&self, slot.target_id);
        let mut next = Some((job, slot));
        while let Some((job, mut slot)) = next {
            let talk = match self.converse(&job).await {
                Ok(talk) => talk,
                Err(until) => {
                    self.put_off(job, slot, until).await;
                    next = guard.next();
                    continue;
                }
            };
            // A probe is one send: it does not wait for a turn.
            if let Err(wait) = self.sender.rate_permit(&job).await
                && !slot.is_probe
            {
                self.shut(slot.target_id, wait);
                self.hand_back(slot.target_id).await;
                self.sender.put_back(members(&job, &talk)).await;
                drop((job, slot));
                next = guard.next();
                continue;
            }
            let open = self.open_sends(&job.aim);
            let channel = self.of_channel(&job.aim.channel);
            // The semaphores are never closed.
            let open = open.acquire_owned().await.ok();
            let own = channel.acquire().await.ok();
            let running = self.running.acquire().await.ok();
            let is_too_late = members(&job, &talk).any(|job| self.sender.is_too_late(job));
            if self.stop.is_cancelled() || is_too_late || self.is_shut(&slot) {
                self.sender.put_back(members(&job, &talk)).await;
                drop((job, slot));
                next = guard.next();
                continue;
            }
            slot.used = true;
            let sent = self.sender.send(&job, talk.as_deref()).await;
            let noted = self.note(&slot, sent.sign);
            if noted.is_shut {
                self.hand_back(slot.target_id).await;
            }
            let outcome = sent.outcome.with_health(slot.target_id, noted.health);
            drop((own, running));
            // The next send need not wait for the disk. Until it is there this one counts as open:
            // a server that dies repeats no more than are open.
            let inner = self.clone();
            self.tasks.spawn(async move {
                inner.sender.settle(outcome).await;
                drop((slot, open));
                if noted.wakes {
                    inner.sender.app.wake.notify_one();
                }
            });
            drop(job);
            next = guard.next();
        }
    }

    /// Another push holds the card: this one, and what waits here for the same card, is asked for
    /// again then.
    async fn put_off(&self, job: Job, slot: Slot, until: Micros) {
        let mates = self.mates(&job);
        let health = self.note(&slot, None).health;
        let health = health.map(|health| (slot.target_id, health));
        let jobs = once(&job).chain(&mates);
        self.sender.put_off(jobs, until, health).await;
    }

    /// The breaker opened, or a pause began, since it was admitted.
    fn is_shut(&self, slot: &Slot) -> bool {
        !slot.is_probe && self.breakers.gate(slot.target_id, self.now_us()) != Gate::Open
    }

    fn note(&self, slot: &Slot, sign: Option<HealthSignal>) -> Noted {
        let now = self.now_us();
        match sign {
            Some(sign) => self.breakers.note(slot.target_id, sign, slot.is_probe, now),
            None if slot.is_probe => self.breakers.release(slot.target_id, now),
            None => Noted::default(),
        }
    }

    /// The nodes together have sent what the rate allows: this one admits none for a while.
    fn shut(&self, target_id: TargetId, wait: Duration) {
        if let Some(lane) = self.lanes().get_mut(&target_id) {
            lane.shut_until = Some(self.now() + wait);
        }
    }

    /// What waits in a lane goes back to the table.
    async fn hand_back(&self, target_id: TargetId) {
        let waiting = {
            let mut lanes = self.lanes();
            let lane = lanes.get_mut(&target_id);
            lane.map(|lane| std::mem::take(&mut lane.waiting))
        };
        let waiting = waiting.unwrap_or_default();
        self.sender
            .put_back(waiting.iter().map(|(job, _)| job))
            .await;
    }
}
