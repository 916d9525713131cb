#[cfg(test)]
mod tests;

use parking_lot::{Mutex, MutexGuard};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, Thread},
    time::Duration,
};
use wasmtime::Engine;

/// One tick of CPU time.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// Advances the epoch of the engines that it watches while guests run, and sleeps when none does:
/// an idle engine costs nothing.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Thread,
}

#[derive(Default)]
struct Shared {
    engines: Mutex<Vec<Engine>>,
    running: AtomicUsize,
    parked: AtomicBool,
    stop: AtomicBool,
}

impl Ticker {
    pub(super) fn start() -> std::io::Result<Arc<Self>> {
        let shared = Arc::new(Shared::default());
        let ticking = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("plugin-ticker".to_owned())
            .spawn(move || ticking.tick())?
            .thread()
            .clone();
        Ok(Arc::new(Self { shared, thread }))
    }

    pub(super) fn watch(&self, engine: &Engine) {
        self.shared.engines().push(engine.clone());
    }

    /// While this lives, epochs pass.
    pub(super) fn run(&self) -> Running<'_> {
        self.enter();
        Running(self)
    }

    /// While this lives, the call that holds a [`Running`] waits for the world outside.
    pub(crate) fn pause(self: &Arc<Self>) -> Paused {
        self.leave();
        Paused(Arc::clone(self))
    }

    fn enter(&self) {
        self.shared.running.fetch_add(1, Ordering::SeqCst);
        if self.shared.parked.load(Ordering::SeqCst) {
            self.thread.unpark();
        }
    }

    fn leave(&self) {
        self.shared.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Shared {
    fn tick(&self) {
        while !self.stop.load(Ordering::SeqCst) {
            if self.running.load(Ordering::SeqCst) == 0 {
                self.parked.store(true, Ordering::SeqCst);
                // Whoever came in before the flag was up has not seen it.
                if self.running.load(Ordering::SeqCst) == 0 && !self.stop.load(Ordering::SeqCst) {
                    thread::park();
                }
                self.parked.store(false, Ordering::SeqCst);
                continue;
            }
            thread::sleep(TICK);
            self.engines().iter().for_each(Engine::increment_epoch);
        }
    }

    fn engines(&self) -> MutexGuard<'_, Vec<Engine>> {
        self.engines.lock()
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

pub(super) struct Running<'a>(&'a Ticker);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

pub(crate) struct Paused(Arc<Ticker>);

impl Drop for Paused {
    fn drop(&mut self) {
        self.0.enter();
    }
}
