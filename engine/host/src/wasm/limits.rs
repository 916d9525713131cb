use super::ticker::TICK;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use wasmtime::{ResourceLimiter, UpdateDeadline};

/// Why a guest was stopped. Each ends the call that it happens in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    #[error("memory over its cap of {0} MiB")]
    Memory(usize),
    /// Not the guest's fault.
    #[error("all plugins together use {0} MiB of memory")]
    Total(usize),
    #[error("table over its cap of {TABLE} entries")]
    Table,
    #[error("CPU time over its budget of {} ms", .0.as_millis())]
    Cpu(Duration),
}

/// Entries of one table. Interpreters in a component need some thousands.
pub(super) const TABLE: usize = 100_000;

/// Linear memory over all instances.
pub(super) struct Total {
    cap: usize,
    used: AtomicUsize,
}

impl Total {
    pub(super) fn new(mib: u32) -> Arc<Self> {
        Arc::new(Self {
            cap: (mib as usize) << 20,
            used: AtomicUsize::new(0),
        })
    }

    fn take(&self, bytes: usize) -> Result<(), Stop> {
        let room = |used: usize| used.checked_add(bytes).filter(|used| *used <= self.cap);
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, room)
            .map(drop)
            .map_err(|_| Stop::Total(self.cap >> 20))
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What one call may use of memory and CPU.
pub(super) struct Limits {
    /// Bytes over all linear memories of the instance.
    cap: usize,
    used: usize,
    total: Arc<Total>,
    /// The machine had no memory where our own bounds would have allowed it.
    starved: bool,
    cpu: Duration,
    spent: Duration,
}

impl Limits {
    pub(super) fn new(memory_mib: u32, cpu: Duration, total: Arc<Total>) -> Self {
        Self {
            cap: (memory_mib as usize) << 20,
            used: 0,
            total,
            starved: false,
            cpu,
            spent: Duration::ZERO,
        }
    }

    /// For the next call on the same instance: the memory stays, the CPU time starts anew.
    pub(super) fn renew(&mut self) {
        self.spent = Duration::ZERO;
        self.starved = false;
    }

    pub(super) fn memory_used(&self) -> usize {
        self.used
    }

    pub(super) fn memory_cap(&self) -> usize {
        self.cap
    }

    pub(super) fn is_starved(&self) -> bool {
        self.starved
    }

    /// A tick passed while the guest ran, and the host `worked` for it since the last one. Others
    /// get their turn, until the budget is spent.
    pub(super) fn tick(&mut self, worked: Duration) -> wasmtime::Result<UpdateDeadline> {
        self.spent += TICK + worked;
        if self.spent > self.cpu {
            return Err(Stop::Cpu(self.cpu).into());
        }
        Ok(UpdateDeadline::Yield(1))
    }
}

impl Drop for Limits {
    fn drop(&mut self) {
        self.total.give_back(self.used);
    }
}

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let used = self.used.saturating_add(desired).saturating_sub(current);
        if used > self.cap {
            return Err(Stop::Memory(self.cap >> 20).into());
        }
        self.total.take(used.saturating_sub(self.used))?;
        self.used = used;
        Ok(true)
    }

    /// What was counted stays counted until the instance goes: too much is the safe side.
    fn memory_grow_failed(&mut self, problem: wasmtime::Error) -> wasmtime::Result<()> {
        let text = problem.to_string();
        // Otherwise the guest asked for more than its own type of memory holds.
        if !text.contains("limits") && !text.contains("maximum") {
            tracing::error!(error = text, "no memory for a plugin");
            self.starved = true;
        }
        Ok(())
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > TABLE {
            return Err(Stop::Table.into());
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        64
    }

    fn tables(&self) -> usize {
        64
    }

    fn memories(&self) -> usize {
        8
    }
}
