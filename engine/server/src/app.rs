//! What every request and every worker has at hand.

use crate::{
    log::system::Dropped,
    mail::Mailer,
    metrics::Metrics,
    otel::Tracer,
    session::{self, captcha},
    shared::{Shared, Signal},
    storage::Storage,
    system::Pulse,
    user::password::Hasher,
};
use push_notify_core::{clock::Clock, config::Config, secret::Vault};
use push_notify_db::Db;
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
    pub hasher: Hasher,
    pub captchas: captcha::Used,
    /// Whose sessions are whose.
    pub sessions: session::SessionCache,
    /// What the nodes share.
    pub shared: Arc<Shared>,
    /// Told when this node should look for due pushes.
    pub wake: Notify,
    /// Told when this node should look for due reviews.
    pub review_wake: Notify,
    /// Told when somebody wants dead letters to be sent again.
    pub replay_wake: Notify,
    /// Lines that the system log has no room for.
    pub dropped_lines: Dropped,
    /// How much room the repositories take up.
    pub storage: Storage,
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
            storage: Storage::new(&config.storage),
            config,
            public_base,
            shared: Arc::new(Shared::in_memory(clock.clone())),
            clock,
            db,
            vault,
            host,
            mailer,
            hasher: Hasher::default(),
            captchas: captcha::Used::default(),
            sessions: session::SessionCache::default(),
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

    /// There are pushes that no worker holds: any node may take them.
    pub fn pushes_due(&self) {
        self.wake.notify_one();
        self.shared.publish(Signal::PushesDue);
    }

    /// There are some that this node has no room for. Once it has, it looks by itself.
    pub fn pushes_due_elsewhere(&self) {
        self.shared.publish(Signal::PushesDue);
    }

    /// There are reviews that no worker holds: any node may take them.
    pub fn reviews_due(&self) {
        self.review_wake.notify_one();
        self.shared.publish(Signal::ReviewsDue);
    }

    /// To be called after a change to repositories, targets, their links, templates or prompts:
    /// what the pipelines of all nodes hold is stale.
    pub fn changed(&self) {
        self.stale();
        self.shared.publish(Signal::Changed);
    }

    /// To be called after a change to users or sessions: who may do what is looked up again on all
    /// nodes.
    pub fn users_changed(&self) {
        self.sessions.forget();
        self.shared.publish(Signal::UsersChanged);
    }

    /// Another node has told this.
    pub fn on_signal(&self, signal: Signal) {
        match signal {
            Signal::PushesDue => self.wake.notify_one(),
            Signal::ReviewsDue => self.review_wake.notify_one(),
            Signal::Changed => self.stale(),
            Signal::UsersChanged => self.sessions.forget(),
        }
    }

    /// Anything may have been told meanwhile.
    pub fn missed_signals(&self) {
        self.stale();
        self.sessions.forget();
        self.wake.notify_one();
        self.review_wake.notify_one();
    }

    fn stale(&self) {
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
