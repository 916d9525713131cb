//! What a worker leaves behind of the pushes that it held.

use super::send::Sender;
use crate::{
    otel::SpanKind,
    pipeline::{commit::Settlement, message::Job},
    target::health::Health,
};
use futures_util::future::join_all;
use push_notify_core::id::{PushId, TargetId};
use std::time::Duration;

impl Sender {
    /// Gives pushes back as they were, for somebody to claim later.
    pub(in crate::pipeline) async fn put_back<'a>(&self, jobs: impl IntoIterator<Item = &'a Job>) {
        let held = jobs.into_iter().filter(|job| self.holds(job));
        join_all(held.map(|job| self.write(job.put_back()))).await;
    }

    /// As [`Sender::put_back`], to be claimed at that time. What is new of their target is written
    /// with it.
    pub(in crate::pipeline) async fn put_off<'a>(
        &self,
        jobs: impl Iterator<Item = &'a Job>,
        until: i64,
        health: Option<(TargetId, Health)>,
    ) {
        let mut settlements: Vec<Settlement> = jobs.map(|job| job.deferred(until)).collect();
        if let Some(first) = settlements.first_mut() {
            first.health = health.map(Box::new);
        }
        self.write(settlements).await;
        let wait = until - self.app.clock.now_us();
        self.wake_after(Duration::from_micros(wait.max(0) as u64));
    }

    /// All of them or none.
    pub(super) async fn write(&self, settlements: Vec<Settlement>) {
        let push_id = settlements.first().map(|settlement| settlement.push_id);
        let _span = self.app.tracer.child("commit", SpanKind::Internal);
        if let Err(error) = self.committer.persist(&self.app, settlements).await {
            // The lease ends by itself; then the push is tried again.
            tracing::error!(%error, push.id = push_id.map(PushId::get), "cannot record the outcome");
        }
    }

    /// The sweeper looks once a second while it knows that something waits; shorter waits are here.
    pub(super) fn wake_after(&self, wait: Duration) {
        if wait >= Duration::from_secs(1) {
            return self.app.wake.notify_one();
        }
        let app = self.app.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            app.wake.notify_one();
        });
    }
}
