//! What a lane's workers do with pushes that belong to a card.

use super::dispatcher::{Inner, QueuedJob};
use crate::pipeline::{
    conversation::{Begun, Talk, begin},
    message::Job,
};
use push_notify_core::clock::Micros;
use std::{collections::VecDeque, iter::once};

impl Inner {
    /// Holds the card that the job belongs to, if any, and takes along what waits for it, in the
    /// table and in the lane. Fails with when to ask again.
    pub(super) async fn converse(&self, job: &Job) -> Result<Option<Box<Talk>>, Micros> {
        let sender = &self.sender;
        match begin(&sender.app, &sender.caches, &sender.uncertain, job).await {
            Begun::Alone => Ok(None),
            Begun::Busy(until) => Err(until),
            Begun::Card(mut talk) => {
                if talk.conflates() {
                    talk.join(self.mates(job));
                }
                Ok(Some(talk))
            }
        }
    }

    /// What waits in the lane for the same card. Their places are free then.
    pub(super) fn mates(&self, job: &Job) -> Vec<Job> {
        let latest = self.sender.latest_lease_end();
        let mut mates = VecDeque::new();
        if let Some(lane) = self.lanes().get_mut(&job.aim.target_id) {
            let is_mate = |(other, slot): &QueuedJob| {
                other.notification.repo_id == job.notification.repo_id
                    && other
                        .subject()
                        .is_some_and(|subject| job.subject() == Some(subject))
                    && other.lease.until >= latest
                    && !slot.is_probe
            };
            let waiting = std::mem::take(&mut lane.waiting);
            let (own, others): (VecDeque<_>, _) = waiting.into_iter().partition(is_mate);
            mates = own;
            lane.waiting = others;
        }
        // Freeing a place takes the lock again.
        mates.into_iter().map(|(job, _slot)| job).collect()
    }
}

/// The pushes of a message.
pub(super) fn members<'a>(
    job: &'a Job,
    talk: &'a Option<Box<Talk>>,
) -> impl Iterator<Item = &'a Job> {
    once(job).chain(talk.iter().flat_map(|talk| talk.others()))
}
