use super::{
    Buckets,
    broadcast::{Outbox, Signal},
    bucket::Key,
    redis::{Away, Redis},
    window::Windows,
};
use async_trait::async_trait;
use push_notify_core::{clock::Clock, id::TargetId};
use push_notify_host::{MemoryCache, SharedCache};
use push_notify_manifest::Rates;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// What the nodes of an installation share. Nothing here fails: while Redis is away this node goes
/// by what it knows itself.
pub struct Shared {
    clock: Clock,
    redis: Option<Arc<Redis>>,
    /// Stands in for Redis.
    cache: MemoryCache,
    /// During which outage of Redis `cache` was filled.
    outage: AtomicU64,
    windows: Windows,
    pub(super) outbox: Outbox,
}

impl Shared {
    pub fn in_memory(clock: Clock) -> Self {
        Self::new(None, clock)
    }

    /// `installation` keeps apart what several installations have in one Redis. That it is away now
    /// is no error.
    pub async fn on_redis(url: &str, installation: &str, clock: Clock) -> anyhow::Result<Self> {
        let redis = Redis::connect(url, installation).await?;
        Ok(Self::new(Some(Arc::new(redis)), clock))
    }

    fn new(redis: Option<Arc<Redis>>, clock: Clock) -> Self {
        Self {
            redis,
            clock,
            cache: MemoryCache::default(),
            outage: AtomicU64::new(0),
            windows: Windows::default(),
            outbox: Outbox::default(),
        }
    }

    /// True for whoever names this first, in `ttl`.
    pub async fn mark(&self, name: &str, ttl: Duration) -> bool {
        self.add_as(&format!("mark:{name}"), Vec::new(), ttl).await
    }

    /// Takes one of the sends that a target's rates allow, or says how long there is none.
    pub async fn rate_permit(&self, target_id: TargetId, rates: Rates) -> Result<(), Duration> {
        // What this node has sent is counted here as well, so that an outage of Redis is no second
        // helping.
        self.windows.take(target_id, rates, self.clock.now_us())?;
        let Some(redis) = &self.redis else {
            return Ok(());
        };
        match redis.rate_permit(target_id, rates).await {
            Ok(Some(wait)) => {
                self.windows.give_back(target_id);
                Err(wait)
            }
            Ok(None) | Err(Away) => Ok(()),
        }
    }

    /// Limits of a kind, one for each key.
    pub fn buckets<K: Key>(&self, kind: &'static str, per_minute: u32) -> Buckets<K> {
        Buckets::new(kind, per_minute, self.clock.clone(), self.redis.clone())
    }

    /// Lets the other nodes know, soon and without waiting for it.
    pub fn publish(&self, signal: Signal) {
        if self.redis.is_some() {
            self.outbox.publish(signal);
        }
    }

    /// Whether what other nodes tell gets here.
    pub fn is_connected(&self) -> bool {
        self.outbox.is_heard()
    }

    pub fn has_redis(&self) -> bool {
        self.redis.is_some()
    }

    /// Whether Redis answers. None: there is none.
    pub async fn answers(&self) -> Option<bool> {
        match &self.redis {
            Some(redis) => Some(redis.answers().await),
            None => None,
        }
    }

    pub(super) fn redis(&self) -> Option<&Arc<Redis>> {
        self.redis.as_ref()
    }

    async fn add_as(&self, key: &str, value: Vec<u8>, ttl: Duration) -> bool {
        if let Some(redis) = &self.redis
            && let Ok(added) = redis.add(key, &value, ttl).await
        {
            return added;
        }
        self.stand_in().add(key, value, ttl).await
    }

    /// Begins each outage empty: what an earlier one left may have been replaced in Redis since.
    fn stand_in(&self) -> &MemoryCache {
        let outage = self.redis.as_ref().map_or(0, |redis| redis.outages());
        if self.outage.swap(outage, Ordering::AcqRel) != outage {
            self.cache.clear();
        }
        &self.cache
    }
}

/// The cache of the plugins.
#[async_trait]
impl SharedCache for Shared {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let key = plugins(key);
        if let Some(redis) = &self.redis
            && let Ok(found) = redis.get(&key).await
        {
            return found;
        }
        self.stand_in().get(&key).await
    }

    async fn set(&self, key: &str, value: Vec<u8>, ttl: Duration) {
        let key = plugins(key);
        if let Some(redis) = &self.redis
            && redis.set(&key, &value, ttl).await.is_ok()
        {
            return;
        }
        self.stand_in().set(&key, value, ttl).await;
    }

    async fn add(&self, key: &str, value: Vec<u8>, ttl: Duration) -> bool {
        self.add_as(&plugins(key), value, ttl).await
    }

    async fn delete(&self, key: &str) {
        let key = plugins(key);
        if let Some(redis) = &self.redis
            && redis.delete(&key).await.is_ok()
        {
            return;
        }
        self.stand_in().delete(&key).await;
    }
}

fn plugins(key: &str) -> String {
    format!("plugin:{key}")
}
