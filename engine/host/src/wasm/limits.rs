use super::ticker::TICK;
use std::time::Duration;
use wasmtime::{ResourceLimiter, UpdateDeadline};

/// Why a guest was stopped. Each ends the call that it happens in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    #[error("memory over its cap of {0} MiB")]
    Memory(usize),
    #[error("table over its cap of {TABLE} entries")]
    Table,
    #[error("CPU time over its budget of {} ms", .0.as_millis())]
    Cpu(Duration),
}

/// Entries of one table. Interpreters in a component need some thousands.
const TABLE: usize = 100_000;

/// What one call may use of memory and CPU.
pub(super) struct Limits {
    /// Bytes over all linear memories of the instance.
    cap: usize,
    used: usize,
    cpu: Duration,
    spent: Duration,
}

impl Limits {
    pub(super) fn new(memory_mib: u32, cpu: Duration) -> Self {
        Self {
            cap: (memory_mib as usize) << 20,
            used: 0,
            cpu,
            spent: Duration::ZERO,
        }
    }

    /// For the next call on the same instance: the memory stays, the CPU time starts anew.
    pub(super) fn renew(&mut self) {
        self.spent = Duration::ZERO;
    }

    pub(super) fn memory_used(&self) -> usize {
        self.used
    }

    pub(super) fn memory_cap(&self) -> usize {
        self.cap
    }

    /// A tick passed while the guest ran. Others get their turn, until the budget is spent.
    pub(super) fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.spent += TICK;
        if self.spent > self.cpu {
            return Err(Stop::Cpu(self.cpu).into());
        }
        Ok(UpdateDeadline::Yield(1))
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
        self.used = used;
        Ok(true)
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
