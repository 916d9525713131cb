use crate::{
    call::Services,
    capability::{cache::SharedCache, http::Client, smtp},
    config::{HostConfig, Quarantine},
    error::HostError,
    manifest,
    permission::Granted,
    ports::{Ai, Channel, Provider},
    tls::Trust,
    wasm::{Counts, Plugin, Runtime},
};
use arc_swap::ArcSwap;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use push_notify_manifest::{Kind, Manifest};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, num::NonZero, sync::Arc, thread::available_parallelism};
use tokio::{sync::Mutex, task::spawn_blocking};

/// The plugins of this process.
pub struct Host {
    runtime: Arc<Runtime>,
    services: Arc<Services>,
    quarantine: Quarantine,
    set: ArcSwap<Set>,
    /// One replacement of the set at a time.
    loading: Mutex<()>,
}

/// A plugin as it comes, before anybody looked into it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where it came from, for messages: a file name.
    pub name: String,
    pub wasm: Bytes,
    /// `None` is enabled.
    pub enabled: Option<bool>,
    /// `http:PATTERN`, `smtp:PATTERN`, `reuse`.
    pub grants: Vec<String>,
}

/// A plugin as an administrator sees it.
#[derive(Debug, Clone)]
pub struct PluginInfo {
    pub name: String,
    /// Absent when it could not be read.
    pub manifest: Option<Arc<Manifest>>,
    /// SHA-256 of the file, in hex.
    pub digest: String,
    /// Bytes of the file.
    pub size: usize,
    pub state: PluginState,
    /// What the manifest asks for, in the words of grants.
    pub asked: Vec<String>,
    /// What of that is granted.
    pub granted: Vec<String>,
    /// Since it was loaded.
    pub calls: u64,
    pub traps: u64,
    /// Calls that were not over in time.
    pub deadlines: u64,
    /// Calls that the host had no room or memory for.
    pub busy: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginState {
    Active,
    Disabled,
    Quarantined { reason: String },
    Failed { reason: String },
}

#[derive(Default)]
struct Set {
    entries: Vec<Entry>,
    active: HashMap<Kind, HashMap<String, usize>>,
}

#[derive(Clone)]
struct Entry {
    name: String,
    digest: String,
    size: usize,
    grants: Vec<String>,
    manifest: Option<Arc<Manifest>>,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Active(Arc<Plugin>),
    Disabled,
    Failed(String),
}

impl Host {
    /// Fails when the cache directory cannot be used or a trusted certificate cannot be read.
    pub fn new(config: HostConfig, cache: Arc<dyn SharedCache>) -> Result<Self, HostError> {
        let runtime = Arc::new(Runtime::new(&config)?);
        let trust = Trust::new(&config.extra_roots_pem)?;
        let network = Arc::new(config.network);
        let services = Services {
            http: Client::new(&network, &trust)?,
            mail: Arc::new(smtp::Pool::new(Arc::clone(&network), trust)),
            cache,
            network,
            limits: config.limits,
            ticker: Arc::clone(&runtime.ticker),
        };
        Ok(Self {
            runtime,
            services: Arc::new(services),
            quarantine: config.quarantine,
            set: ArcSwap::default(),
            loading: Mutex::default(),
        })
    }

    /// What a plugin says of itself. Neither compiles nor runs it.
    pub fn read_manifest(wasm: &[u8]) -> Result<Manifest, HostError> {
        manifest::read(wasm)
    }

    /// Replaces all plugins by these, at once. Calls under way finish on the old ones; a plugin whose file and grants are as before
    /// is kept, and let out of quarantine. Of two with one kind and id the later source wins; one that cannot be loaded is listed
    /// as failed and wins over nobody.
    pub async fn load(&self, sources: Vec<Source>) -> Vec<PluginInfo> {
        let _turn = self.loading.lock().await;
        let old = self.set.load_full();
        // More threads would not be faster, and each keeps memory of its own.
        let cores = available_parallelism().map_or(1, NonZero::get);
        let loading = stream::iter(sources).map(|source| {
            let runtime = Arc::clone(&self.runtime);
            let services = Arc::clone(&self.services);
            let quarantine = self.quarantine.clone();
            let old = Arc::clone(&old);
            let name = source.name.clone();
            async move {
                let work = spawn_blocking(move || {
                    Entry::load(source, &old, runtime, services, quarantine)
                });
                work.await.unwrap_or_else(|_| Entry {
                    name,
                    digest: String::new(),
                    size: 0,
                    grants: Vec::new(),
                    manifest: None,
                    body: Body::Failed("the compiler gave up".to_owned()),
                })
            }
        });
        let entries: Vec<Entry> = loading.buffered(cores).collect().await;
        let digests = entries.iter().map(|entry| entry.digest.as_str()).collect();
        self.runtime.prune(&digests);
        self.set.store(Arc::new(Set::new(entries)));
        self.plugins()
    }

    /// In the order of the sources.
    pub fn plugins(&self) -> Vec<PluginInfo> {
        self.set.load().entries.iter().map(Entry::info).collect()
    }

    /// Of a plugin that can be called, or could if it were not in quarantine.
    pub fn manifest(&self, kind: Kind, id: &str) -> Option<Arc<Manifest>> {
        let set = self.set.load();
        set.entry(kind, id)?.manifest.clone()
    }

    pub fn provider(&self, id: &str) -> Option<Arc<dyn Provider>> {
        Some(self.plugin(Kind::Provider, id)?)
    }

    pub fn channel(&self, id: &str) -> Option<Arc<dyn Channel>> {
        Some(self.plugin(Kind::Channel, id)?)
    }

    pub fn ai(&self, id: &str) -> Option<Arc<dyn Ai>> {
        Some(self.plugin(Kind::Ai, id)?)
    }

    fn plugin(&self, kind: Kind, id: &str) -> Option<Arc<Plugin>> {
        match &self.set.load().entry(kind, id)?.body {
            Body::Active(plugin) => Some(Arc::clone(plugin)),
            Body::Disabled | Body::Failed(_) => None,
        }
    }
}

impl Set {
    fn new(entries: Vec<Entry>) -> Self {
        let mut winners: HashMap<(Kind, String), usize> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            if let (Some(manifest), false) = (&entry.manifest, entry.is_failed()) {
                let key = (manifest.kind, manifest.id.clone());
                if let Some(loser) = winners.insert(key, index) {
                    let (winner, loser) = (&entry.name, &entries[loser].name);
                    tracing::info!(
                        winner,
                        loser,
                        "a plugin replaces another of its kind and id"
                    );
                }
            }
        }
        let keep = |(index, entry): &(usize, Entry)| {
            entry.is_failed() || winners.values().any(|winner| winner == index)
        };
        let kept: Vec<Entry> = entries
            .into_iter()
            .enumerate()
            .filter(keep)
            .map(|(_, entry)| entry)
            .collect();
        let mut active: HashMap<Kind, HashMap<String, usize>> = HashMap::new();
        for (index, entry) in kept.iter().enumerate() {
            if let (Body::Active(plugin), Some(manifest)) = (&entry.body, &entry.manifest) {
                let of_kind = active.entry(manifest.kind).or_default();
                of_kind.insert(plugin.id().to_owned(), index);
            }
        }
        Self {
            entries: kept,
            active,
        }
    }

    fn entry(&self, kind: Kind, id: &str) -> Option<&Entry> {
        self.entries.get(*self.active.get(&kind)?.get(id)?)
    }
}

impl Entry {
    fn load(
        source: Source,
        old: &Set,
        runtime: Arc<Runtime>,
        services: Arc<Services>,
        quarantine: Quarantine,
    ) -> Self {
        let digest = hex::encode(Sha256::digest(&source.wasm));
        let enabled = source.enabled.unwrap_or(true);
        let mut entry = Self {
            name: source.name,
            digest,
            size: source.wasm.len(),
            grants: source.grants,
            manifest: None,
            body: Body::Disabled,
        };
        let before = old.entries.iter().find(|old| {
            old.digest == entry.digest
                && old.grants == entry.grants
                && matches!(old.body, Body::Active(_))
        });
        if let (Some(before), true) = (before, enabled) {
            entry.manifest = before.manifest.clone();
            entry.body = before.body.clone();
            if let Body::Active(plugin) = &entry.body {
                plugin.pardon();
            }
            return entry;
        }
        match manifest::read(&source.wasm) {
            Ok(manifest) => {
                let manifest = entry.manifest.insert(Arc::new(manifest));
                if enabled {
                    let loaded = Granted::new(manifest, &entry.grants).and_then(|granted| {
                        let wasm = &source.wasm;
                        let digest = &entry.digest;
                        Plugin::load(
                            runtime, services, quarantine, manifest, granted, wasm, digest,
                        )
                    });
                    entry.body = match loaded {
                        Ok(plugin) => Body::Active(Arc::new(plugin)),
                        Err(problem) => Body::Failed(problem.to_string()),
                    };
                }
            }
            Err(problem) => entry.body = Body::Failed(problem.to_string()),
        }
        if let Body::Failed(reason) = &entry.body {
            tracing::error!(plugin.source = %entry.name, reason, "a plugin cannot be loaded");
        }
        entry
    }

    fn is_failed(&self) -> bool {
        matches!(self.body, Body::Failed(_))
    }

    fn info(&self) -> PluginInfo {
        let asked = self
            .manifest
            .as_ref()
            .map(|manifest| manifest.permissions.asked())
            .unwrap_or_default();
        let granted = asked
            .iter()
            .filter(|line| self.grants.contains(line))
            .cloned()
            .collect();
        let (state, counts) = match &self.body {
            Body::Active(plugin) => {
                let state = match plugin.quarantined() {
                    Some(reason) => PluginState::Quarantined { reason },
                    None => PluginState::Active,
                };
                (state, plugin.counts())
            }
            Body::Disabled => (PluginState::Disabled, Counts::default()),
            Body::Failed(reason) => {
                let reason = reason.clone();
                (PluginState::Failed { reason }, Counts::default())
            }
        };
        PluginInfo {
            name: self.name.clone(),
            manifest: self.manifest.clone(),
            digest: self.digest.clone(),
            size: self.size,
            state,
            asked,
            granted,
            calls: counts.calls,
            traps: counts.traps,
            deadlines: counts.deadlines,
            busy: counts.busy,
        }
    }
}
