use super::dispatcher::Inner;
use push_notify_core::id::TargetId;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// A place in memory and in a lane. Dropping it frees both.
pub(crate) struct Slot {
    pub(super) target_id: TargetId,
    /// The one push that an open breaker lets through.
    pub is_probe: bool,
    /// Something was sent: it counts towards the rate.
    pub(super) used: bool,
    pub(super) inner: Arc<Inner>,
    pub(super) _permit: OwnedSemaphorePermit,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.inner.sender.app.metrics.held.dec();
        let mut lanes = self.inner.lanes();
        if let Some(lane) = lanes.get_mut(&self.target_id) {
            lane.leave(self.used);
            let half = self.inner.share() / 2;
            if lane.turned_away && lane.waiting.len() <= half {
                lane.turned_away = false;
                self.inner.sender.app.wake.notify_one();
            }
        }
    }
}
