use super::instance::Live;
use parking_lot::{Mutex, MutexGuard};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// Most instances that wait for a call to one plugin.
const MOST: usize = 32;
/// An instance that nobody needed for so long gives its memory back.
const IDLE: Duration = Duration::from_secs(10);

/// Instances of one plugin that have calls left to serve. The last one in is the first one out, so
/// that the others age.
pub(super) struct Pool {
    waiting: Mutex<Waiting>,
    /// The room that the instances of all plugins have to wait in.
    room: Arc<Semaphore>,
}

#[derive(Default)]
struct Waiting {
    instances: Vec<(Box<Live>, Instant)>,
    swept: bool,
}

impl Pool {
    pub(super) fn new(room: Arc<Semaphore>) -> Self {
        Self {
            waiting: Mutex::default(),
            room,
        }
    }

    pub(super) fn take(&self) -> Option<Box<Live>> {
        self.waiting().instances.pop().map(|(live, _)| live)
    }

    /// One for which there is no room is dropped.
    pub(super) fn put_back(self: &Arc<Self>, mut live: Box<Live>) {
        let mut waiting = self.waiting();
        if waiting.instances.len() >= MOST {
            return;
        }
        if live.room.is_none() {
            let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
                return;
            };
            live.room = Some(room);
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
        let old: Vec<(Box<Live>, Instant)> = waiting.instances.drain(..young).collect();
        waiting.swept = !waiting.instances.is_empty();
        let more = waiting.swept;
        drop(waiting);
        drop(old);
        more
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock()
    }
}
