use crate::app::App;
use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

/// The signs of life that the parts of the server give, and whether it was told to stop.
#[derive(Default)]
pub struct Pulse {
    committers: AtomicUsize,
    /// The last thing that was written, or tried to be.
    write_failed: AtomicBool,
    /// In microseconds since 1970.
    written_at: AtomicI64,
    stopping: AtomicBool,
    has_plugins: AtomicBool,
}

/// The committer runs as long as this is there.
pub struct Running(App);

impl Pulse {
    pub fn committing(app: &App) -> Running {
        app.pulse.committers.fetch_add(1, Relaxed);
        Running(app.clone())
    }

    pub fn wrote(&self, now: i64) {
        self.written_at.store(now, Relaxed);
        self.write_failed.store(false, Relaxed);
    }

    pub fn write_failed(&self) {
        self.write_failed.store(true, Relaxed);
    }

    pub fn stopping(&self) {
        self.stopping.store(true, Relaxed);
    }

    /// The plugins are loaded: work that needs them can begin.
    pub fn has_loaded(&self) {
        self.has_plugins.store(true, Release);
    }

    pub fn has_plugins(&self) -> bool {
        self.has_plugins.load(Acquire)
    }

    pub fn is_committing(&self) -> bool {
        self.committers.load(Relaxed) > 0
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Relaxed)
    }

    /// Whether something was written since `since`, and nothing has failed after that.
    pub fn writes_since(&self, since: i64) -> bool {
        !self.write_failed.load(Relaxed) && self.written_at.load(Relaxed) >= since
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.pulse.committers.fetch_sub(1, Relaxed);
    }
}
