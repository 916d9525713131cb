use super::instance::Live;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Most instances that wait for a call to one plugin.
const MOST: usize = 32;
/// An instance that nobody needed for so long gives its memory back.
const IDLE: Duration = Duration::from_secs(10);

/// Instances of one plugin that have calls left to serve. The last one in is the first one out, so that the others age.
#[derive(Default)]
pub(super) struct Pool(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    instances: Vec<(Live, Instant)>,
    swept: bool,
}

impl Pool {
    pub(super) fn take(&self) -> Option<Live> {
        self.waiting().instances.pop().map(|(live, _)| live)
    }

    pub(super) fn put_back(self: &Arc<Self>, live: Live) {
        let mut waiting = self.waiting();
        if waiting.instances.len() >= MOST {
            return;
        }
        waiting.instances.push((live, Instant::now()));
        if !waiting.swept {
            waiting.swept = true;
            drop(waiting);
            let pool = Arc::downgrade(self);
            // Ends with the last instance: an idle engine does nothing.
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(IDLE).await;
                    let Some(pool) = pool.upgrade() else { break };
                    if !pool.sweep() {
                        break;
                    }
                }
            });
        }
    }

    /// False when nothing is left to wait for.
    fn sweep(&self) -> bool {
        let mut waiting = self.waiting();
        let young = waiting
            .instances
            .iter()
            .position(|(_, since)| since.elapsed() < IDLE)
            .unwrap_or(waiting.instances.len());
        let old: Vec<(Live, Instant)> = waiting.instances.drain(..young).collect();
        waiting.swept = !waiting.instances.is_empty();
        let more = waiting.swept;
        drop(waiting);
        drop(old);
        more
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
