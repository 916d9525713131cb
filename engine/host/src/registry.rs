mod candidate;
mod dialects;

use crate::{
    call::Services,
    capability::{cache::SharedCache, http::Client, smtp},
    config::{HostConfig, Quarantine},
    error::HostError,
    file::PluginFile,
    ports::{Ai, Channel, Provider},
    tls::Trust,
    wasm::{Counts, Plugin, Runtime, give_back},
};
use arc_swap::ArcSwap;
use candidate::Candidate;
pub use dialects::Dialects;
use futures_util::stream::{self, StreamExt as _};
use push_notify_manifest::{Kind, Manifest};
use std::{
    collections::{HashMap, HashSet},
    num::NonZero,
    sync::Arc,
    thread::available_parallelism,
};
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

/// A plugin as it comes.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where it came from, for messages: a file name.
    pub name: String,
    pub file: PluginFile,
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
    /// It is being compiled, and can be called then.
    Loading,
    Disabled,
    Quarantined {
        reason: String,
    },
    Failed {
        reason: String,
    },
}

#[derive(Default)]
struct Set {
    entries: Vec<Entry>,
    active: HashMap<Kind, HashMap<String, usize>>,
    dialects: Arc<Dialects>,
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
    /// Being compiled; what it is is known.
    Loading,
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
            mail: Arc::new(smtp::Pool::new(
                Arc::clone(&network),
                trust,
                config.ehlo_name.clone(),
            )),
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

    /// Replaces all plugins by these, at once. Calls under way finish on the old ones; a plugin
    /// whose file and grants are as before is kept, and let out of quarantine. Of two with one kind
    /// and id the later source wins; one that cannot be loaded is listed as failed and wins over
    /// nobody. The first time there is nothing to replace: each can be called as soon as it is
    /// compiled.
    pub async fn load(&self, sources: Vec<Source>) -> Vec<PluginInfo> {
        let _turn = self.loading.lock().await;
        let old = self.set.load_full();
        let is_first = old.is_only_announced();
        let loading = announced(sources, &old);
        // More threads would not be faster, and each keeps memory of its own.
        let cores = available_parallelism().map_or(1, NonZero::get);
        let digests: HashSet<String> = loading.iter().filter_map(Candidate::code).collect();
        let mut entries: Vec<Entry> = loading.iter().map(|one| one.entry.clone()).collect();
        let loading: Vec<(usize, Candidate)> = loading
            .into_iter()
            .enumerate()
            .filter(|(_, one)| matches!(one.entry.body, Body::Loading))
            .collect();
        let compiles = !loading.is_empty();
        let mut compiled = stream::iter(loading)
            .map(async |(index, candidate)| (index, self.compiled(candidate).await))
            .buffer_unordered(cores);
        while let Some((index, entry)) = compiled.next().await {
            entries[index] = entry;
            if is_first {
                self.set.store(Arc::new(Set::new(entries.clone())));
            }
        }
        drop(compiled);
        for entry in &entries {
            if let Body::Failed(reason) = &entry.body {
                tracing::error!(plugin.source = %entry.name, reason, "a plugin cannot be loaded");
            }
        }
        let set = Set::new(entries);
        for conflict in set.dialects.conflicts() {
            let dialects::Conflict {
                header,
                winner,
                loser,
            } = conflict;
            tracing::warn!(
                header,
                winner,
                loser,
                "two providers claim the same deliveries by this header: the first by its id has them"
            );
        }
        self.set.store(Arc::new(set));
        self.runtime.prune(&digests);
        if compiles {
            spawn_blocking(give_back).await.ok();
        }
        self.plugins()
    }

    /// Says what there is going to be, where nothing is yet, so that [`Host::manifest`] knows it at
    /// once. What is still to be compiled is listed as loading.
    pub async fn announce(&self, sources: &[Source]) {
        let _turn = self.loading.lock().await;
        let old = self.set.load_full();
        if old.is_only_announced() {
            let announced = announced(sources.to_vec(), &old).into_iter();
            let entries = announced.map(|one| one.entry).collect();
            self.set.store(Arc::new(Set::new(entries)));
        }
    }

    async fn compiled(&self, candidate: Candidate) -> Entry {
        let runtime = Arc::clone(&self.runtime);
        let services = Arc::clone(&self.services);
        let quarantine = self.quarantine.clone();
        let entry = candidate.entry.clone();
        let work = spawn_blocking(move || candidate.compile(runtime, services, &quarantine));
        work.await.unwrap_or_else(|_| Entry {
            body: Body::Failed("the compiler gave up".to_owned()),
            ..entry
        })
    }

    /// In the order of the sources.
    pub fn plugins(&self) -> Vec<PluginInfo> {
        self.set.load().entries.iter().map(Entry::info).collect()
    }

    /// Of a plugin that can be called, or could if it were compiled already or not in quarantine.
    pub fn manifest(&self, kind: Kind, id: &str) -> Option<Arc<Manifest>> {
        let set = self.set.load();
        set.entry(kind, id)?.manifest.clone()
    }

    /// What all providers say of deliveries, those that cannot be called included.
    pub fn dialects(&self) -> Arc<Dialects> {
        Arc::clone(&self.set.load().dialects)
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
            Body::Loading | Body::Disabled | Body::Failed(_) => None,
        }
    }
}

/// Everything that is known before anything is compiled.
fn announced(sources: Vec<Source>, old: &Set) -> Vec<Candidate> {
    let sources = sources.into_iter();
    sources.map(|source| Candidate::new(source, old)).collect()
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
            if let (Body::Active(_) | Body::Loading, Some(manifest)) =
                (&entry.body, &entry.manifest)
            {
                let of_kind = active.entry(manifest.kind).or_default();
                of_kind.insert(manifest.id.clone(), index);
            }
        }
        let providers = kept.iter().filter_map(|entry| {
            let manifest = entry.manifest.clone()?;
            let works = matches!(entry.body, Body::Active(_) | Body::Loading);
            (manifest.kind == Kind::Provider).then_some((manifest, works))
        });
        Self {
            dialects: Arc::new(Dialects::new(providers)),
            entries: kept,
            active,
        }
    }

    /// Nothing of it can be called.
    fn is_only_announced(&self) -> bool {
        let is_active = |entry: &Entry| matches!(entry.body, Body::Active(_));
        !self.entries.iter().any(is_active)
    }

    fn entry(&self, kind: Kind, id: &str) -> Option<&Entry> {
        self.entries.get(*self.active.get(&kind)?.get(id)?)
    }
}

impl Entry {
    fn is_same_source(&self, other: &Self) -> bool {
        self.digest == other.digest && self.grants == other.grants
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
            Body::Loading => (PluginState::Loading, Counts::default()),
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
