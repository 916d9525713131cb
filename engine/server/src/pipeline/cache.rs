//! What the stages know of repositories, targets and templates: read once, dropped when something
//! changes.

use super::{
    dispatch::{DispatchTarget, lane::Rules},
    ingest::{
        lookup::Directory,
        receive::{REVIEW_SCENE, SCENE},
    },
    reader::Reader,
    store,
};
use crate::{
    app::App,
    person::Book,
    plugin::settings,
    prompt::{self, Candidate},
    rule::InForce,
    storage::{Account, Owner},
    target::{Conversation, DigestRule, Quiet},
};

use moka::sync::Cache;
use push_notify_core::{
    clock::Micros,
    id::{ModelId, RepoId, TargetId, TemplateId},
};
use push_notify_db::Dialect;
use push_notify_host::Settings;
use push_notify_manifest::{Kind, Rates};
use push_notify_review::ReviewSettings;
use push_notify_template::{Template, scene};
use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Mutex, task::spawn_blocking};

/// Another node's changes show after this long at the latest,
const FRESH: Duration = Duration::from_secs(2);
/// and where nodes tell one another of them, at once. This is for what was told and got lost.
const FRESH_BY_NEWS: Duration = Duration::from_secs(30);
/// On SQLite there is no other node.
const FRESH_ALONE: Duration = Duration::from_secs(600);
const ENTRIES: u64 = 10_000;

/// A repository as a webhook finds it.
pub(super) struct Route {
    pub repo_id: RepoId,
    pub name: String,
    pub url: String,
    pub provider: String,
    pub active: bool,
    pub kinds: Vec<String>,
    /// With the current webhook secret.
    pub settings: Settings,
    /// With those before it, the newest first; `authenticate.rs` says which count.
    pub former: Vec<Former>,
    pub targets: Vec<TargetId>,
    pub review: ReviewSettings,
    /// Runs and alerts that change nothing are told too.
    pub tells_repeats: bool,
    pub model_id: Option<ModelId>,
    /// What its deliveries take up is charged to this.
    pub account: Account,
    /// None: the administrators.
    pub owner: Option<Owner>,
}

/// A repository's settings with a webhook secret that was replaced.
pub(super) struct Former {
    pub settings: Settings,
    pub valid_until: Micros,
}

impl Route {
    /// All that a delivery may have been proved by.
    pub(super) fn all_settings(&self) -> Vec<&Settings> {
        let former = self.former.iter().map(|former| &former.settings);
        std::iter::once(&self.settings).chain(former).collect()
    }
}

/// A target as a send finds it.
pub(super) struct Destination {
    pub channel: Arc<str>,
    /// Why nothing may be sent.
    pub off: Option<&'static str>,
    pub settings: Settings,
    pub rates: Option<Rates>,
    pub concurrency: usize,
    /// How long the far side takes nothing when it got too many messages.
    pub penalty: Option<Duration>,
    /// When what is due waits.
    pub quiet: Option<Quiet>,
    pub reader: Reader,
    pub digest: DigestRule,
    /// What of it the channel can do.
    pub conversation: Conversation,
    /// The longest body that the channel takes, in bytes of its request.
    pub max_body_bytes: Option<u64>,
}

/// The default template of a channel and scene.
pub(super) struct Chosen {
    pub id: TemplateId,
    pub template: Template,
}

pub(super) struct Caches {
    app: App,
    seen: AtomicU64,
    routes: Cache<String, Option<Arc<Route>>>,
    destinations: Cache<TargetId, Option<Arc<Destination>>>,
    templates: Cache<(String, String), Result<Arc<Chosen>, Arc<str>>>,
    /// Those that rules name.
    named: Cache<(String, String, TemplateId), Option<Arc<Chosen>>>,
    rules: Cache<(), Arc<InForce>>,
    people: Cache<(), Arc<Book>>,
    directory: Cache<(), Arc<Directory>>,
    prompts: Cache<(), Arc<[Candidate]>>,
    /// Who waits for the directory waits for one look-up.
    looking_up: Mutex<()>,
}

impl Caches {
    pub(super) fn new(app: App) -> Self {
        let fresh = match app.db.dialect() {
            Dialect::Sqlite => FRESH_ALONE,
            // While news do not get here everything is dropped each second (`shared/broadcast.rs`).
            Dialect::Postgres if app.shared.has_redis() => FRESH_BY_NEWS,
            Dialect::Postgres => FRESH,
        };
        Self {
            app,
            seen: AtomicU64::new(0),
            routes: cache(fresh),
            destinations: cache(fresh),
            templates: cache(fresh),
            named: cache(fresh),
            rules: cache(fresh),
            people: cache(fresh),
            directory: cache(fresh),
            prompts: cache(fresh),
            looking_up: Mutex::new(()),
        }
    }

    /// The repository behind a webhook id.
    pub(super) async fn route(&self, webhook_id: &str) -> Result<Option<Arc<Route>>, store::Error> {
        let generation = self.refresh();
        if let Some(route) = self.routes.get(webhook_id) {
            return Ok(route);
        }
        let route = store::route(&self.app, webhook_id).await?.map(Arc::new);
        if generation == self.app.generation() {
            self.routes.insert(webhook_id.to_owned(), route.clone());
        }
        Ok(route)
    }

    /// All repositories by id and URL.
    pub(super) async fn directory(&self) -> Result<Arc<Directory>, store::Error> {
        self.refresh();
        if let Some(directory) = self.directory.get(&()) {
            return Ok(directory);
        }
        let _one = self.looking_up.lock().await;
        let generation = self.refresh();
        if let Some(directory) = self.directory.get(&()) {
            return Ok(directory);
        }
        let directory = Arc::new(Directory::new(store::repos(&self.app).await?));
        if generation == self.app.generation() {
            self.directory.insert((), directory.clone());
        }
        Ok(directory)
    }

    /// None: there is no such target.
    pub(super) async fn destination(
        &self,
        target_id: TargetId,
    ) -> Result<Option<Arc<Destination>>, store::Error> {
        let generation = self.refresh();
        if let Some(destination) = self.destinations.get(&target_id) {
            return Ok(destination);
        }
        let found = store::target(&self.app, target_id).await?;
        let destination = found.map(|target| {
            let manifest = self.app.host.manifest(Kind::Channel, &target.channel);
            let conversation = target.conversation.reached(manifest.as_deref(), |field| {
                settings::is_filled(&target.settings, field)
            });
            let limits = manifest.map(|manifest| manifest.limits.clone());
            let limits = limits.unwrap_or_default();
            let most = self.app.config.delivery.per_target;
            Arc::new(Destination {
                channel: target.channel.into(),
                off: target.off,
                settings: target.settings,
                rates: limits.rate,
                digest: target.digest,
                conversation,
                max_body_bytes: limits.max_body_bytes,
                penalty: limits.penalty.map(|penalty| penalty.0),
                concurrency: limits
                    .concurrency
                    .map_or(most, |own| most.min(own as usize)),
                quiet: target.quiet,
                reader: {
                    let usual = Reader::usual(&self.app.config.server);
                    Reader {
                        zone: target.zone.unwrap_or(usual.zone),
                        locale: target.locale.unwrap_or(usual.locale),
                    }
                },
            })
        });
        if generation == self.app.generation() {
            self.destinations.insert(target_id, destination.clone());
        }
        Ok(destination)
    }

    /// The way to a target. One that cannot be read now gets the narrowest way: its attempt will
    /// say what is wrong.
    pub(super) async fn aim(&self, target_id: TargetId) -> DispatchTarget {
        let destination = self.destination(target_id).await.unwrap_or_else(|error| {
            tracing::error!(%error, target.id = target_id.get(), "cannot read the target");
            None
        });
        match destination {
            Some(destination) => DispatchTarget {
                target_id,
                channel: destination.channel.clone(),
                quiet: destination.quiet.as_ref().is_some_and(|quiet| {
                    let now = self.app.clock.now_us();
                    quiet.until(now, None).is_some()
                }),
                rules: Rules {
                    rates: destination.rates,
                    concurrency: destination.concurrency,
                },
            },
            None => DispatchTarget {
                target_id,
                channel: "".into(),
                quiet: false,
                rules: Rules {
                    rates: None,
                    concurrency: 1,
                },
            },
        }
    }

    /// The template for a channel and scene, or why there is none that works.
    pub(super) async fn template(
        &self,
        channel: &str,
        scene: &str,
    ) -> Result<Result<Arc<Chosen>, Arc<str>>, store::Error> {
        let generation = self.refresh();
        let key = (channel.to_owned(), scene.to_owned());
        if let Some(chosen) = self.templates.get(&key) {
            return Ok(chosen);
        }
        let found = match store::template(&self.app, channel, scene).await? {
            // Without a template of its own, a review is told of as its commits are.
            None if scene == REVIEW_SCENE => store::template(&self.app, channel, SCENE).await?,
            found => found,
        };
        let chosen = match found {
            None => Err(format!("there is no active template for {channel} and {scene}").into()),
            Some((id, title, content)) => parsed(scene, title, content, id).await,
        };
        if generation == self.app.generation() {
            self.templates.insert(key, chosen.clone());
        }
        Ok(chosen)
    }

    /// The template that a rule names, if it is one of the channel that is still there; else as
    /// [`Caches::template`].
    pub(super) async fn template_for(
        &self,
        channel: &str,
        scene: &str,
        named: Option<TemplateId>,
    ) -> Result<Result<Arc<Chosen>, Arc<str>>, store::Error> {
        let Some(id) = named else {
            return self.template(channel, scene).await;
        };
        let generation = self.refresh();
        let key = (channel.to_owned(), scene.to_owned(), id);
        let chosen = match self.named.get(&key) {
            Some(chosen) => chosen,
            None => {
                let found = store::named_template(&self.app, channel, id).await?;
                let chosen = match found {
                    Some((title, content)) => parsed(scene, title, content, id).await.ok(),
                    None => None,
                };
                if generation == self.app.generation() {
                    self.named.insert(key, chosen.clone());
                }
                chosen
            }
        };
        match chosen {
            Some(chosen) => Ok(Ok(chosen)),
            None => self.template(channel, scene).await,
        }
    }

    /// The rules that are switched on.
    pub(super) async fn rules(&self) -> Result<Arc<InForce>, sqlx::Error> {
        let generation = self.refresh();
        if let Some(rules) = self.rules.get(&()) {
            return Ok(rules);
        }
        let rules = Arc::new(InForce::read(self.app.db.read()).await?);
        if generation == self.app.generation() {
            self.rules.insert((), rules.clone());
        }
        Ok(rules)
    }

    /// Everybody whom messages may call.
    pub(super) async fn people(&self) -> Result<Arc<Book>, sqlx::Error> {
        let generation = self.refresh();
        if let Some(people) = self.people.get(&()) {
            return Ok(people);
        }
        let people = Arc::new(Book::read(self.app.db.read()).await?);
        if generation == self.app.generation() {
            self.people.insert((), people.clone());
        }
        Ok(people)
    }

    /// Every prompt that can ask for a review.
    pub(super) async fn prompts(&self) -> Result<Arc<[Candidate]>, sqlx::Error> {
        let generation = self.refresh();
        if let Some(prompts) = self.prompts.get(&()) {
            return Ok(prompts);
        }
        let prompts: Arc<[Candidate]> = prompt::store::candidates(self.app.db.read()).await?.into();
        if generation == self.app.generation() {
            self.prompts.insert((), prompts.clone());
        }
        Ok(prompts)
    }

    /// Drops everything after a change. The generation tells whether what is read next may be kept.
    fn refresh(&self) -> u64 {
        let generation = self.app.generation();
        if self.seen.swap(generation, Ordering::AcqRel) != generation {
            self.routes.invalidate_all();
            self.destinations.invalidate_all();
            self.templates.invalidate_all();
            self.named.invalidate_all();
            self.rules.invalidate_all();
            self.people.invalidate_all();
            self.directory.invalidate_all();
            self.prompts.invalidate_all();
        }
        generation
    }
}

async fn parsed(
    scene: &str,
    title: String,
    content: String,
    id: TemplateId,
) -> Result<Arc<Chosen>, Arc<str>> {
    // Checking a template tries it out: too long for a thread that serves others.
    let scene = scene.to_owned();
    let parse = move || scene::parse(&scene, &title, &content);
    match spawn_blocking(parse).await {
        Ok(Ok(template)) => Ok(Arc::new(Chosen { id, template })),
        Ok(Err(error)) => Err(format!("template {id}: {error}").into()),
        Err(error) => Err(format!("template {id}: {error}").into()),
    }
}

fn cache<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
    fresh: Duration,
) -> Cache<K, V> {
    Cache::builder()
        .max_capacity(ENTRIES)
        .time_to_live(fresh)
        .build()
}
