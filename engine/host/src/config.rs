use crate::network::NetworkPolicy;
use push_notify_manifest::Kind;
use std::{path::PathBuf, time::Duration};

/// What the operator decides about plugins as a whole.
#[derive(Debug, Clone)]
pub struct HostConfig {
    /// Where compiled plugins are kept, for this user only. Created when absent.
    pub cache_dir: PathBuf,
    pub network: NetworkPolicy,
    /// PEM certificates to trust besides the built-in roots, for http and mail.
    pub extra_roots_pem: Vec<Vec<u8>>,
    /// By which we introduce ourselves to mail servers; our address where there is none.
    pub ehlo_name: Option<String>,
    pub limits: Ceilings,
    pub quarantine: Quarantine,
}

/// The most that any call may use. A manifest may ask for less, never for more.
#[derive(Debug, Clone)]
pub struct Ceilings {
    /// Linear memory of one instance.
    pub memory_mib: u32,
    /// Linear memory of all instances together.
    pub total_memory_mib: u32,
    /// Deadline of one call, host calls included.
    pub timeout: Duration,
    /// The same for AI plugins: models take minutes to answer.
    pub ai_timeout: Duration,
    /// CPU time of one call.
    pub cpu: Duration,
    /// Calls at the same time, over all plugins of a kind. One plugin takes at most half of them.
    pub instances: usize,
    /// HTTP requests in one call.
    pub http_requests: u32,
    /// Largest HTTP answer.
    pub http_body_bytes: usize,
}

impl Ceilings {
    /// Deadline of one call of a plugin of this kind.
    pub(crate) fn timeout_of(&self, kind: Kind) -> Duration {
        match kind {
            Kind::Ai => self.ai_timeout,
            Kind::Provider | Kind::Channel => self.timeout,
        }
    }
}

impl Default for Ceilings {
    fn default() -> Self {
        Self {
            memory_mib: 64,
            total_memory_mib: 1024,
            timeout: Duration::from_secs(30),
            ai_timeout: Duration::from_secs(600),
            cpu: Duration::from_secs(1),
            instances: 256,
            http_requests: 50,
            http_body_bytes: 10 << 20,
        }
    }
}

/// What repeated traps lead to. Both rests end by themselves: a call tries, and where that traps,
/// too, the next rest is twice as long.
#[derive(Debug, Clone)]
pub struct Quarantine {
    /// A repository or model rests when its calls trap so often within `window`. What rests of
    /// targets is the engine's to say.
    pub traps: u32,
    pub window: Duration,
    /// The plugin is closed when the calls for so many different targets, repositories or models
    /// trap and nobody's comes to an end between them.
    pub parties: u32,
    pub rest: Duration,
    pub longest_rest: Duration,
}

impl Default for Quarantine {
    fn default() -> Self {
        Self {
            traps: 5,
            window: Duration::from_secs(60),
            parties: 3,
            rest: Duration::from_secs(10),
            longest_rest: Duration::from_secs(600),
        }
    }
}
