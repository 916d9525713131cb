use super::{
    code::{Code, Ready},
    engine::Runtime,
    instance::Live,
    limits::{Limits, Stop},
    pool::Pool,
};
use crate::{
    call::{Call, Caller, Services},
    config::Quarantine,
    error::HostError,
    permission::Granted,
    ports::{Party, Settings},
    quarantine::{Consequence, Function, TrapCounters},
    verdict::CallError,
};
use bytes::Bytes;
use push_notify_manifest::{Capability, Manifest};
use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{timeout, timeout_at},
};
use wasmtime::Trap;

/// A loaded plugin, ready to be called.
pub(crate) struct Plugin {
    runtime: Arc<Runtime>,
    services: Arc<Services>,
    caller: Arc<Caller>,
    code: Code,
    capabilities: Vec<Capability>,
    memory_mib: u32,
    timeout: Duration,
    /// One plugin takes half of its kind's, so that one that hangs leaves room for the others.
    permits: Semaphore,
    idle: Arc<Pool>,
    counters: TrapCounters,
    calls: AtomicU64,
    traps: AtomicU64,
    deadlines: AtomicU64,
    busy: AtomicU64,
}

/// Calls since the plugin was loaded, and how those ended that did not end well.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) calls: u64,
    pub(crate) traps: u64,
    pub(crate) deadlines: u64,
    pub(crate) busy: u64,
}

type Permits<'a> = (SemaphorePermit<'a>, SemaphorePermit<'a>);

/// Longest reason of a trap, in bytes.
const LONGEST_REASON: usize = 300;

impl Plugin {
    /// Blocks while it compiles.
    pub(crate) fn load(
        runtime: Arc<Runtime>,
        services: Arc<Services>,
        quarantine: &Quarantine,
        manifest: &Manifest,
        granted: Granted,
        wasm: Bytes,
        digest: String,
    ) -> Result<Self, HostError> {
        let code = Code::new(&runtime, manifest, wasm, digest)?;
        let ceilings = &services.limits;
        let most = (ceilings.instances / 2).clamp(1, Semaphore::MAX_PERMITS);
        let timeout = ceilings.timeout_of(manifest.kind);
        let asked = manifest.limits.timeout_ms.map(Duration::from_millis);
        Ok(Self {
            memory_mib: manifest
                .limits
                .memory_mib
                .map_or(ceilings.memory_mib, |asked| asked.min(ceilings.memory_mib)),
            timeout: asked.map_or(timeout, |asked| asked.min(timeout)),
            caller: Arc::new(Caller {
                kind: manifest.kind,
                id: manifest.id.clone(),
                granted,
            }),
            idle: Arc::new(Pool::new(Arc::clone(&runtime.waiting))),
            runtime,
            services,
            code,
            capabilities: manifest.capabilities.clone(),
            permits: Semaphore::new(most),
            counters: TrapCounters::new(quarantine),
            calls: AtomicU64::new(0),
            traps: AtomicU64::new(0),
            deadlines: AtomicU64::new(0),
            busy: AtomicU64::new(0),
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.caller.id
    }

    pub(super) fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            calls: self.calls.load(Ordering::Relaxed),
            traps: self.traps.load(Ordering::Relaxed),
            deadlines: self.deadlines.load(Ordering::Relaxed),
            busy: self.busy.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn quarantined(&self) -> Option<String> {
        self.counters.closed()
    }

    pub(crate) fn reset(&self) {
        self.counters.clear();
    }

    /// One call, from the permit to the verdict. `work` gets an instance and the configuration as
    /// the guest may see it.
    pub(super) async fn run<R>(
        &self,
        function: Function,
        settings: &Settings,
        work: impl AsyncFnOnce(&mut Live, &str) -> wasmtime::Result<R>,
    ) -> Result<R, CallError> {
        let entry = self
            .counters
            .of(function)
            .enter(settings.party, Instant::now())?;
        self.calls.fetch_add(1, Ordering::Relaxed);
        let _permits = match self.free_permits() {
            Some(permits) => permits,
            None => {
                let permits = timeout(self.timeout, self.permits()).await.ok().flatten();
                permits.ok_or_else(|| self.busy("too many calls of this kind are under way"))?
            }
        };
        let ready = self.code.ready().await;
        let ready = ready.map_err(|problem| self.unable(NO_INSTANCE, &explain(&problem, None)))?;
        let deadline = Instant::now() + self.timeout;
        let mut call = pin!(self.attempt(ready, settings, deadline, work));
        // Most calls end without having to wait, and need no alarm.
        let ended = match poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await {
            Poll::Ready(ended) => Ok(ended),
            Poll::Pending => timeout_at(deadline.into(), call).await,
        };
        match ended {
            Ok(Ok(answer)) => {
                entry.ended(Instant::now());
                Ok(answer)
            }
            Ok(Err(End::Trap(reason))) => {
                let consequence = entry.trapped(Instant::now(), &reason);
                self.trapped(function, settings.party, &reason, consequence);
                Err(CallError::Trap(reason))
            }
            Ok(Err(End::Host(why, problem))) => Err(self.unable(why, &problem)),
            // What was under way is dropped with its instance.
            Err(_) => {
                self.deadlines.fetch_add(1, Ordering::Relaxed);
                Err(CallError::Deadline(self.timeout))
            }
        }
    }

    /// By no fault of its own.
    fn unable(&self, why: &'static str, problem: &str) -> CallError {
        let (kind, id) = (self.caller.kind.name(), self.id());
        tracing::error!(
            plugin.kind = kind,
            plugin.id = id,
            error = problem,
            "a plugin could not run: {why}"
        );
        self.busy(why)
    }

    fn busy(&self, why: &'static str) -> CallError {
        self.busy.fetch_add(1, Ordering::Relaxed);
        CallError::Busy(why)
    }

    /// This plugin's own and its kind's, if nobody has to wait for them.
    fn free_permits(&self) -> Option<Permits<'_>> {
        let own = self.permits.try_acquire().ok()?;
        let of_kind = self.runtime.permits(self.caller.kind).try_acquire().ok()?;
        Some((own, of_kind))
    }

    async fn permits(&self) -> Option<Permits<'_>> {
        // Never closed.
        let own = self.permits.acquire().await.ok()?;
        let of_kind = self
            .runtime
            .permits(self.caller.kind)
            .acquire()
            .await
            .ok()?;
        Some((own, of_kind))
    }

    async fn attempt<R>(
        &self,
        ready: &Ready,
        settings: &Settings,
        deadline: Instant,
        work: impl AsyncFnOnce(&mut Live, &str) -> wasmtime::Result<R>,
    ) -> Result<R, End> {
        let _running = self.runtime.ticker.run();
        let (call, config) = Call::new(&self.caller, &self.services, settings, deadline);
        let mut live = self
            .instance(ready, call)
            .await
            .map_err(|(problem, panic)| End::of_start(&problem, panic))?;
        match work(&mut live, &config).await {
            Ok(answer) => {
                self.keep(live);
                Ok(answer)
            }
            Err(problem) => Err(End::of_call(&problem, &mut live)),
        }
    }

    async fn instance(
        &self,
        ready: &Ready,
        call: Call,
    ) -> Result<Box<Live>, (wasmtime::Error, Option<String>)> {
        if let Some(mut live) = self.idle.take() {
            live.renew(call);
            return Ok(live);
        }
        let limits = Limits::new(
            self.memory_mib,
            self.services.limits.cpu,
            Arc::clone(&self.runtime.memory),
        );
        Live::fresh(&ready.pre, &ready.indices, call, limits).await
    }

    fn keep(&self, mut live: Box<Live>) {
        live.served += 1;
        let Some(most) = self.caller.granted.reuse else {
            return;
        };
        if live.served < most && live.is_slim() {
            self.idle.put_back(live);
        }
    }

    fn trapped(&self, function: Function, party: Party, reason: &str, consequence: Consequence) {
        self.traps.fetch_add(1, Ordering::Relaxed);
        let (kind, id) = (self.caller.kind.name(), self.id());
        tracing::warn!(
            plugin.kind = kind,
            plugin.id = id,
            ?function,
            ?party,
            reason,
            "a plugin failed"
        );
        match consequence {
            Consequence::Nothing => {}
            Consequence::Rests => tracing::error!(
                plugin.kind = kind,
                plugin.id = id,
                ?function,
                ?party,
                "a plugin failed too often for one of those that it serves, which rests"
            ),
            Consequence::Closed => tracing::error!(
                plugin.kind = kind,
                plugin.id = id,
                ?function,
                "a plugin failed for several of those that it serves, and is quarantined until it works for one"
            ),
        }
    }
}

/// How a call came to an end that the guest did not choose.
enum End {
    /// By the guest's fault.
    Trap(String),
    /// By the host's: in words for everybody, and the problem itself.
    Host(&'static str, String),
}

const NO_INSTANCE: &str = "an instance cannot be made";
const NO_MEMORY: &str = "there is no memory left for plugins";

impl End {
    fn of_start(problem: &wasmtime::Error, panic: Option<String>) -> Self {
        match (problem.downcast_ref::<Stop>(), problem.is::<Trap>()) {
            (Some(Stop::Total(_)), _) => Self::Host(NO_MEMORY, explain(problem, None)),
            (None, false) => Self::Host(NO_INSTANCE, explain(problem, None)),
            _ => Self::Trap(explain(problem, panic)),
        }
    }

    fn of_call(problem: &wasmtime::Error, live: &mut Live) -> Self {
        match problem.downcast_ref::<Stop>() {
            Some(Stop::Total(_)) => Self::Host(NO_MEMORY, explain(problem, None)),
            // A guest that gets no memory gives up, as it must.
            None if live.is_starved() => Self::Host(NO_MEMORY, explain(problem, live.panic())),
            _ => Self::Trap(explain(problem, live.panic())),
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
