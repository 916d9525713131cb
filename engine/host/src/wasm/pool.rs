use super::instance::Live;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most instances that wait for a call to one plugin.
const MOST: usize = 32;
/// An instance that nobody needed for so long gives its memory back.
const IDLE: Duration = Duration::from_secs(10);

/// Instances of one plugin that have calls left to serve. The last one in is the first one out, so that the others age.
pub(super) struct Pool {
    waiting: Mutex<Waiting>,
    /// The places of all plugins.
    places: Arc<Semaphore>,
}

#[derive(Default)]
struct Waiting {
    instances: Vec<Kept>,
    swept: bool,
}

struct Kept {
    live: Box<Live>,
    since: Instant,
    _place: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(places: Arc<Semaphore>) -> Self {
        Self {
            waiting: Mutex::default(),
            places,
        }
    }

    pub(super) fn take(&self) -> Option<Box<Live>> {
        self.waiting().instances.pop().map(|kept| kept.live)
    }

    /// One for which there is no place is dropped.
    pub(super) fn put_back(self: &Arc<Self>, live: Box<Live>) {
        let mut waiting = self.waiting();
        if waiting.instances.len() >= MOST {
            return;
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return;
        };
        waiting.instances.push(Kept {
            live,
            since: Instant::now(),
            _place: place,
        });
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
            .position(|kept| kept.since.elapsed() < IDLE)
            .unwrap_or(waiting.instances.len());
        let old: Vec<Kept> = waiting.instances.drain(..young).collect();
        waiting.swept = !waiting.instances.is_empty();
        let more = waiting.swept;
        drop(waiting);
        drop(old);
        more
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
