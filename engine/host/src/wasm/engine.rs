#[cfg(test)]
mod tests;

use super::{artefact::Artefacts, bind, instance::State, limits::Total, ticker::Ticker};
use crate::{config::HostConfig, error::HostError};
use push_notify_manifest::Kind;
use std::{
    collections::HashSet,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::{
    Config, Engine,
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
    pub(super) memory: Arc<Total>,
}

/// An engine with its linker and artefacts. Support for concurrency inside a component costs each call 1 us and each instance
/// 10 us; the contract has no use for it, but some languages' toolchains do.
struct Lane {
    engine: Engine,
    linker: Linker<State>,
    artefacts: Artefacts,
}

impl Runtime {
    pub(crate) fn new(config: &HostConfig) -> Result<Self, HostError> {
        let ticker = Ticker::start().map_err(|problem| HostError::Setup(problem.to_string()))?;
        let plain = Lane::new(config.cache_dir.clone(), &ticker, false)?;
        let permits = || Semaphore::new(config.limits.instances.clamp(1, Semaphore::MAX_PERMITS));
        Ok(Self {
            cache_dir: config.cache_dir.clone(),
            plain,
            concurrent: Mutex::default(),
            ticker,
            permits: [permits(), permits(), permits()],
            memory: Total::new(config.limits.total_memory_mib),
        })
    }

    /// Everything that can be done before there is a call. Blocks while it compiles.
    pub(super) fn prepare(
        &self,
        wasm: &[u8],
        digest: &str,
    ) -> Result<InstancePre<State>, HostError> {
        self.plain.prepare(wasm, digest).or_else(|problem| {
            // The first problem names what is missing; the second try only knows that it was not that.
            let lane = self.concurrent()?;
            lane.prepare(wasm, digest).map_err(|_| problem)
        })
    }

    /// Waits for its turn to call a plugin of this kind.
    pub(super) async fn permit(&self, kind: Kind) -> Option<SemaphorePermit<'_>> {
        let permits = match kind {
            Kind::Provider => &self.permits[0],
            Kind::Channel => &self.permits[1],
            Kind::Ai => &self.permits[2],
        };
        // Never closed.
        permits.acquire().await.ok()
    }

    /// Removes artefacts that nobody used for long, but for those of `digests`.
    pub(crate) fn prune(&self, digests: &HashSet<&str>) {
        self.plain.artefacts.prune(digests);
    }

    fn concurrent(&self) -> Result<Arc<Lane>, HostError> {
        let mut lane = self
            .concurrent
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = &*lane {
            return Ok(Arc::clone(lane));
        }
        let made = Arc::new(Lane::new(self.cache_dir.clone(), &self.ticker, true)?);
        Ok(Arc::clone(lane.insert(made)))
    }
}

impl Lane {
    fn new(cache_dir: PathBuf, ticker: &Ticker, concurrent: bool) -> Result<Self, HostError> {
        let setup = |problem: wasmtime::Error| HostError::Setup(format!("{problem:#}"));
        let engine = Engine::new(&settings(concurrent)).map_err(setup)?;
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
        self.linker
            .instantiate_pre(&component)
            .map_err(|problem| HostError::Compile(format!("{problem:#}")))
    }
}

fn settings(concurrent: bool) -> Config {
    let mut config = Config::new();
    config.concurrency_support(concurrent);
    config.epoch_interruption(true);
    // A trap's text goes to administrators, who have the panic's own words; frames of wasm cost time and tell them nothing. So do the
    // tables that lead from machine code back to them: a seventh of what is compiled.
    config.wasm_backtrace_max_frames(None);
    config.generate_address_map(false);
    config.native_unwind_info(false);
    config
}
