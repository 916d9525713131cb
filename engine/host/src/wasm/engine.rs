#[cfg(test)]
mod tests;

use super::{
    artefact::Artefacts,
    bind,
    instance::State,
    limits::{TABLE, Total},
    ticker::Ticker,
};
use crate::{
    config::{Ceilings, HostConfig},
    error::HostError,
};
use parking_lot::Mutex;
use push_notify_manifest::Kind;
use std::{collections::HashSet, path::PathBuf, sync::Arc};
use tokio::sync::Semaphore;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
    component::{InstancePre, Linker},
};

/// The compiler and what all instances share.
pub(crate) struct Runtime {
    cache_dir: PathBuf,
    plain: Lane,
    /// Made when the first component needs it.
    concurrent: Mutex<Option<Arc<Lane>>>,
    pub(crate) ticker: Arc<Ticker>,
    /// One for each call under way. By kind, so that channels that hang never keep webhooks out.
    permits: [Semaphore; 3],
    /// One for each instance that may wait for a call.
    pub(super) waiting: Arc<Semaphore>,
    pub(super) memory: Arc<Total>,
}

/// Instances that wait for a call, over all plugins.
const MOST_WAITING: usize = 256;

/// An engine with its linker and artefacts.
struct Lane {
    engine: Engine,
    linker: Linker<State>,
    artefacts: Artefacts,
}

impl Runtime {
    pub(crate) fn new(config: &HostConfig) -> Result<Self, HostError> {
        let ticker = Ticker::start().map_err(|problem| HostError::Setup(problem.to_string()))?;
        let plain = match pooled_engine(&config.limits) {
            Some(engine) => engine,
            None => engine(&settings(false))?,
        };
        let plain = Lane::new(config.cache_dir.clone(), &ticker, plain)?;
        let permits = || Semaphore::new(config.limits.instances.clamp(1, Semaphore::MAX_PERMITS));
        Ok(Self {
            cache_dir: config.cache_dir.clone(),
            plain,
            concurrent: Mutex::default(),
            ticker,
            permits: [permits(), permits(), permits()],
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            memory: Total::new(config.limits.total_memory_mib),
        })
    }

    /// Everything that can be done before there is a call. Blocks while it compiles.
    pub(super) fn prepare(
        &self,
        wasm: &[u8],
        digest: &str,
    ) -> Result<InstancePre<State>, HostError> {
        // It may need concurrency, or more room than a place of the pool has. What is wrong with it
        // otherwise, both tell.
        self.plain
            .prepare(wasm, digest)
            .or_else(|_| self.concurrent()?.prepare(wasm, digest))
    }

    /// Whether a component was compiled before, so that it can be prepared in a moment.
    pub(super) fn is_compiled(&self, digest: &str) -> bool {
        self.plain.artefacts.has(digest)
    }

    /// Turns to call a plugin of this kind.
    pub(super) fn permits(&self, kind: Kind) -> &Semaphore {
        match kind {
            Kind::Provider => &self.permits[0],
            Kind::Channel => &self.permits[1],
            Kind::Ai => &self.permits[2],
        }
    }

    /// Removes artefacts that nobody used for long, but for those of `digests`.
    pub(crate) fn prune(&self, digests: &HashSet<String>) {
        self.plain.artefacts.prune(digests);
    }

    fn concurrent(&self) -> Result<Arc<Lane>, HostError> {
        let mut lane = self.concurrent.lock();
        if let Some(lane) = &*lane {
            return Ok(Arc::clone(lane));
        }
        let engine = engine(&settings(true))?;
        let made = Arc::new(Lane::new(self.cache_dir.clone(), &self.ticker, engine)?);
        Ok(Arc::clone(lane.insert(made)))
    }
}

impl Lane {
    fn new(cache_dir: PathBuf, ticker: &Ticker, engine: Engine) -> Result<Self, HostError> {
        let mut linker = Linker::new(&engine);
        bind::link(&mut linker).map_err(setup)?;
        let artefacts = Artefacts::open(cache_dir, &engine)?;
        ticker.watch(&engine);
        Ok(Self {
            engine,
            linker,
            artefacts,
        })
    }

    fn prepare(&self, wasm: &[u8], digest: &str) -> Result<InstancePre<State>, HostError> {
        let component = self.artefacts.component(&self.engine, wasm, digest)?;
        let linked = self.linker.instantiate_pre(&component);
        linked.map_err(|problem| {
            // What is there can be linked.
            self.artefacts.forget(digest);
            HostError::Compile(format!("{problem:#}"))
        })
    }
}

fn engine(settings: &Config) -> Result<Engine, HostError> {
    Engine::new(settings).map_err(setup)
}

fn setup(problem: wasmtime::Error) -> HostError {
    HostError::Setup(format!("{problem:#}"))
}

/// For components of one memory, which nearly all are. None where the machine has not so many
/// addresses to give away.
fn pooled_engine(limits: &Ceilings) -> Option<Engine> {
    let pool = pool(limits)?;
    let mut settings = settings(false);
    // Without it stacks keep whatever the deepest call has touched.
    settings.async_stack_zeroing(true);
    settings.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&settings)
        .inspect_err(|problem| {
            tracing::warn!(
                error = format!("{problem:#}"),
                "no room for a pool of instances: plugins that do not keep theirs will be slower"
            );
        })
        .ok()
}

/// Places for all instances that there can be at the same time, cleaned for the next one. Mapping
/// and unmapping memory is most of what a fresh instance costs, and keeps other threads waiting.
fn pool(limits: &Ceilings) -> Option<PoolingAllocationConfig> {
    /// Each takes a little more than 4 GiB of addresses.
    const MOST_PLACES: u32 = 4096;
    /// Of a component: its own, and one through which its parts find one another.
    const TABLES: u32 = 4;
    let places = limits.instances.checked_mul(3)?.checked_add(MOST_WAITING)?;
    let places = u32::try_from(places).ok()?;
    if places > MOST_PLACES {
        return None;
    }
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(places)
        .total_core_instances(u32::MAX)
        .total_memories(places)
        .total_tables(places * TABLES)
        .total_stacks(places)
        .max_memories_per_component(1)
        .max_tables_per_component(TABLES)
        .max_memory_size(((limits.memory_mib as usize) << 20).min(4 << 30))
        .table_elements(TABLE)
        // What a usual call touches stays mapped.
        .linear_memory_keep_resident(64 << 10)
        .table_keep_resident(16 << 10)
        .async_stack_keep_resident(32 << 10)
        .pagemap_scan(Enabled::Auto);
    Some(pool)
}

/// Support for concurrency inside a component costs each call 1 us and each instance 10 us; the
/// contract has no use for it, but some languages' toolchains do.
fn settings(concurrent: bool) -> Config {
    let mut config = Config::new();
    config.concurrency_support(concurrent);
    config.epoch_interruption(true);
    // A trap's text goes to administrators, who have the panic's own words; frames of wasm cost
    // time and tell them nothing. So do the tables that lead from machine code back to them: a
    // seventh of what is compiled.
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    config.native_unwind_info(false);
    config
}
