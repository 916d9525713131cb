use super::{
    bind::Indices,
    engine::Runtime,
    instance::{Live, State},
    limits::{Limits, Stop},
    pool::Pool,
};
use crate::{
    call::{Call, Caller, Services},
    config::Quarantine,
    error::HostError,
    permission::Granted,
    ports::Settings,
    quarantine::Ward,
    verdict::CallError,
};
use push_notify_manifest::Manifest;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::Semaphore, time::timeout_at};
use wasmtime::{Trap, component::InstancePre};

/// A loaded plugin: compiled, linked, ready to be called.
pub(crate) struct Plugin {
    runtime: Arc<Runtime>,
    services: Arc<Services>,
    caller: Arc<Caller>,
    pre: InstancePre<State>,
    indices: Indices,
    memory_mib: u32,
    timeout: Duration,
    /// One plugin takes half of its kind's, so that one that hangs leaves room for the others.
    permits: Semaphore,
    idle: Arc<Pool>,
    ward: Ward,
    calls: AtomicU64,
    traps: AtomicU64,
}

/// Longest reason of a trap, in bytes.
const LONGEST_REASON: usize = 300;

impl Plugin {
    /// Blocks while it compiles.
    pub(crate) fn load(
        runtime: Arc<Runtime>,
        services: Arc<Services>,
        quarantine: Quarantine,
        manifest: &Manifest,
        granted: Granted,
        wasm: &[u8],
        digest: &str,
    ) -> Result<Self, HostError> {
        let pre = runtime.prepare(wasm, digest)?;
        let indices = Indices::new(manifest.kind, &pre)
            .map_err(|problem| HostError::Compile(format!("{problem:#}")))?;
        let ceilings = &services.limits;
        let most = (ceilings.instances / 2).clamp(1, Semaphore::MAX_PERMITS);
        let asked = manifest.limits.timeout_ms.map(Duration::from_millis);
        Ok(Self {
            memory_mib: manifest
                .limits
                .memory_mib
                .map_or(ceilings.memory_mib, |asked| asked.min(ceilings.memory_mib)),
            timeout: asked.map_or(ceilings.timeout, |asked| asked.min(ceilings.timeout)),
            caller: Arc::new(Caller {
                kind: manifest.kind,
                id: manifest.id.clone(),
                granted,
            }),
            runtime,
            services,
            pre,
            indices,
            permits: Semaphore::new(most),
            idle: Arc::default(),
            ward: Ward::new(quarantine),
            calls: AtomicU64::new(0),
            traps: AtomicU64::new(0),
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.caller.id
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(crate) fn traps(&self) -> u64 {
        self.traps.load(Ordering::Relaxed)
    }

    pub(crate) fn quarantined(&self) -> Option<String> {
        self.ward.reason()
    }

    pub(crate) fn pardon(&self) {
        self.ward.clear();
    }

    /// One call, from the permit to the verdict. `work` gets an instance and the configuration as the guest may see it.
    pub(super) async fn run<R>(
        &self,
        settings: &Settings,
        work: impl AsyncFnOnce(&mut Live, &str) -> wasmtime::Result<R>,
    ) -> Result<R, CallError> {
        if let Some(reason) = self.ward.reason() {
            return Err(CallError::Quarantined(reason));
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        let deadline = Instant::now() + self.timeout;
        let call = self.attempt(settings, deadline, work);
        match timeout_at(deadline.into(), call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(reason)) => {
                self.trapped(&reason);
                Err(CallError::Trap(reason))
            }
            // What was under way is dropped with its instance.
            Err(_) => Err(CallError::Deadline(self.timeout)),
        }
    }

    /// Fails with the reason of a trap.
    async fn attempt<R>(
        &self,
        settings: &Settings,
        deadline: Instant,
        work: impl AsyncFnOnce(&mut Live, &str) -> wasmtime::Result<R>,
    ) -> Result<R, String> {
        let _own = self.permits.acquire().await;
        let _permit = self.runtime.permit(self.caller.kind).await;
        let _running = self.runtime.ticker.run();
        let (call, config) = Call::new(&self.caller, &self.services, settings, deadline);
        let mut live = self
            .instance(call)
            .await
            .map_err(|(problem, panic)| explain(&problem, panic))?;
        match work(&mut live, &config).await {
            Ok(answer) => {
                self.keep(live);
                Ok(answer)
            }
            Err(problem) => Err(explain(&problem, live.panic())),
        }
    }

    async fn instance(&self, call: Call) -> Result<Live, (wasmtime::Error, Option<String>)> {
        if let Some(mut live) = self.idle.take() {
            live.renew(call);
            return Ok(live);
        }
        let limits = Limits::new(self.memory_mib, self.services.limits.cpu);
        Live::fresh(&self.pre, &self.indices, call, limits).await
    }

    fn keep(&self, mut live: Live) {
        live.served += 1;
        let Some(most) = self.caller.granted.reuse else {
            return;
        };
        if live.served < most && live.is_slim() {
            self.idle.put_back(live);
        }
    }

    fn trapped(&self, reason: &str) {
        self.traps.fetch_add(1, Ordering::Relaxed);
        let (kind, id) = (self.caller.kind.name(), self.id());
        tracing::warn!(
            plugin.kind = kind,
            plugin.id = id,
            reason,
            "a plugin failed"
        );
        if self.ward.trapped(Instant::now(), reason) {
            tracing::error!(
                plugin.kind = kind,
                plugin.id = id,
                "a plugin failed too often and is quarantined until it is reloaded"
            );
        }
    }
}

/// In few words, without frames: a panic's own line where there is one.
fn explain(problem: &wasmtime::Error, panic: Option<String>) -> String {
    let mut reason = if let Some(stop) = problem.downcast_ref::<Stop>() {
        stop.to_string()
    } else {
        match (problem.downcast_ref::<Trap>(), panic) {
            (Some(Trap::UnreachableCodeReached), Some(panic)) => panic,
            (Some(trap), _) => trap.to_string(),
            (None, _) => problem.root_cause().to_string(),
        }
    };
    if reason.len() > LONGEST_REASON {
        reason.truncate(reason.floor_char_boundary(LONGEST_REASON));
        reason.push('…');
    }
    reason
}
