//! What every request and every worker has at hand.

use crate::{
    clock::Clock, config::Config, db::Db, log::system::Dropped, mail::Mailer, metrics::Metrics,
    otel::Tracer, secret::Vault, session::captcha, system::Pulse,
};
use push_notify_host::Host;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Notify;

/// The running server's parts. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    /// The address under which this server is reached, without a trailing slash.
    pub public_base: String,
    pub clock: Clock,
    pub db: Db,
    pub vault: Vault,
    pub host: Arc<Host>,
    /// None when no mail server is configured.
    pub mailer: Option<Mailer>,
    pub captchas: captcha::Used,
    /// Told when pushes came due that no worker holds.
    pub wake: Notify,
    /// Told when reviews came due that no worker holds.
    pub review_wake: Notify,
    /// Told when somebody wants dead letters to be sent again.
    pub replay_wake: Notify,
    /// Lines that the system log has no room for.
    pub dropped_lines: Dropped,
    pub metrics: Metrics,
    pub tracer: Tracer,
    pub pulse: Pulse,
    /// In microseconds since 1970.
    pub started_at: i64,
    /// Grows with each change to what the pipeline caches.
    generation: AtomicU64,
}

impl Parts {
    pub fn new(
        config: Config,
        public_base: String,
        clock: Clock,
        db: Db,
        vault: Vault,
        host: Arc<Host>,
        mailer: Option<Mailer>,
    ) -> Self {
        Self {
            started_at: clock.now_us(),
            config,
            public_base,
            clock,
            db,
            vault,
            host,
            mailer,
            captchas: captcha::Used::default(),
            wake: Notify::new(),
            review_wake: Notify::new(),
            replay_wake: Notify::new(),
            dropped_lines: Dropped::default(),
            metrics: Metrics::default(),
            tracer: Tracer::off(),
            pulse: Pulse::default(),
            generation: AtomicU64::new(0),
        }
    }

    /// The host name of the public address, for message ids.
    pub fn origin(&self) -> &str {
        let rest = self
            .public_base
            .split_once("://")
            .map_or("", |(_, rest)| rest);
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        let named = host.contains(|c: char| c.is_ascii_alphabetic()) && !host.starts_with('[');
        if named { host } else { "localhost" }
    }

    /// To be called after a change to repositories, targets, their links or templates: what the pipeline holds is stale.
    pub fn changed(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }

    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
