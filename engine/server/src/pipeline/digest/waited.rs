use parking_lot::Mutex;
use push_notify_core::{clock::Micros, id::TargetId};
use std::collections::{HashMap, HashSet};

/// When the way to each target was last seen closed: what was due by then had to wait.
#[derive(Default)]
pub(in crate::pipeline) struct Waited(Mutex<HashMap<TargetId, Micros>>);

impl Waited {
    pub(in crate::pipeline) fn note(&self, target_id: TargetId, at: Micros) {
        let mut waited = self.0.lock();
        let last = waited.entry(target_id).or_insert(at);
        *last = at.max(*last);
    }

    /// Those that are not closed any more; each is told once.
    pub(super) fn released(&self, closed: &HashSet<TargetId>) -> Vec<(TargetId, Micros)> {
        let mut waited = self.0.lock();
        waited
            .extract_if(|target_id, _| !closed.contains(target_id))
            .collect()
    }
}
