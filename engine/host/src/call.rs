use crate::{
    capability::{cache::SharedCache, http::Client, smtp::Pool},
    config::Ceilings,
    network::NetworkPolicy,
    permission::Granted,
    ports::Settings,
    secrets::Secrets,
    wasm::Ticker,
};
use push_notify_manifest::Kind;
use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// What the capabilities of all plugins share.
pub(crate) struct Services {
    pub(crate) http: Client,
    pub(crate) mail: Arc<Pool>,
    pub(crate) cache: Arc<dyn SharedCache>,
    pub(crate) network: Arc<NetworkPolicy>,
    pub(crate) limits: Ceilings,
    pub(crate) ticker: Arc<Ticker>,
}

/// On whose behalf a capability acts.
pub(crate) struct Caller {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) granted: Granted,
}

/// One call of a plugin, as its capabilities see it.
pub(crate) struct Call {
    pub(crate) caller: Arc<Caller>,
    pub(crate) services: Arc<Services>,
    pub(crate) secrets: Secrets,
    /// The configuration's values that permissions name.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) deadline: Instant,
    /// What the guest's clock shows, in Unix ms, when that is not the present.
    pub(crate) clock_ms: Option<u64>,
    /// What a permission that names a field of the configuration holds besides the host.
    pub(crate) mail: MailSettings,
    pub(crate) http_requests: u32,
    pub(crate) mails: u32,
    pub(crate) cache_operations: u32,
    /// Bytes of values.
    pub(crate) cache_written: usize,
    pub(crate) log_lines: u32,
    /// Time that the host worked for the guest and that is not yet charged to its CPU budget.
    pub(crate) worked: Duration,
    /// The line that a panic leaves in the log; the trap that follows does not say why.
    pub(crate) panic: Option<String>,
}

/// As the configuration has them, where it does.
pub(crate) struct MailSettings {
    pub(crate) port: Option<Value>,
    pub(crate) tls: Option<Value>,
}

impl Call {
    /// The call, and the configuration as the guest gets it.
    pub(crate) fn new(
        caller: &Arc<Caller>,
        services: &Arc<Services>,
        settings: &Settings,
        deadline: Instant,
    ) -> (Self, String) {
        let (secrets, config) = Secrets::new(settings);
        let fields = caller
            .granted
            .fields
            .iter()
            .filter_map(|name| Some((name.clone(), value(settings, name)?)))
            .collect();
        let call = Self {
            caller: Arc::clone(caller),
            services: Arc::clone(services),
            secrets,
            fields,
            deadline,
            clock_ms: None,
            mail: MailSettings {
                port: settings.config.get("smtp_port").cloned(),
                tls: settings.config.get("tls").cloned(),
            },
            http_requests: 0,
            mails: 0,
            cache_operations: 0,
            cache_written: 0,
            log_lines: 0,
            worked: Duration::ZERO,
            panic: None,
        };
        (call, config)
    }

    /// Does work that keeps the CPU busy on behalf of the guest.
    pub(crate) fn charged<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        let start = Instant::now();
        let done = work(self);
        self.worked += start.elapsed();
        done
    }

    /// How long a host call may take: a little less than what is left, so that the guest can still
    /// say what came of it.
    pub(crate) fn remaining(&self) -> Duration {
        let left = self.deadline.saturating_duration_since(Instant::now());
        left - (left / 10).min(Duration::from_millis(250))
    }
}

fn value(settings: &Settings, name: &str) -> Option<String> {
    let secret = settings.secrets.iter().find(|(secret, _)| secret == name);
    match (secret, settings.config.get(name)) {
        (Some((_, value)), _) => Some(value.expose().to_owned()),
        (None, Some(Value::String(value))) => Some(value.clone()),
        _ => None,
    }
}
