use super::dispatcher::{Inner, QueuedJob};
use push_notify_core::id::TargetId;

/// One of a lane's workers. Its place is freed under the lock under which it found nothing more to
/// do, so that nothing is left waiting for a worker that is about to go.
pub(super) struct WorkerGuard<'a> {
    inner: &'a Inner,
    target_id: TargetId,
    left: bool,
}

impl<'a> WorkerGuard<'a> {
    pub(super) fn of(inner: &'a Inner, target_id: TargetId) -> Self {
        Self {
            inner,
            target_id,
            left: false,
        }
    }

    pub(super) fn next(&mut self) -> Option<QueuedJob> {
        let mut lanes = self.inner.lanes();
        let lane = lanes.get_mut(&self.target_id)?;
        let next = lane.waiting.pop_front();
        if next.is_none() {
            lane.active = lane.active.saturating_sub(1);
            self.left = true;
        }
        next
    }
}

impl Drop for WorkerGuard<'_> {
    /// Only a panic gets here with the place still taken.
    fn drop(&mut self) {
        if !self.left
            && let Some(lane) = self.inner.lanes().get_mut(&self.target_id)
        {
            lane.active = lane.active.saturating_sub(1);
        }
    }
}
