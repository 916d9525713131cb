use crate::call::Call;
use async_trait::async_trait;
use moka::{Expiry, sync::Cache};
use std::time::{Duration, Instant};

/// Small values that the nodes of one installation share, or one process keeps. May forget at any
/// time.
#[async_trait]
pub trait SharedCache: Send + Sync {
    async fn get(&self, key: &str) -> Option<Vec<u8>>;
    async fn set(&self, key: &str, value: Vec<u8>, ttl: Duration);
    /// Like `set` when the key is absent; false, and nothing done, when it is there.
    async fn add(&self, key: &str, value: Vec<u8>, ttl: Duration) -> bool;
    async fn delete(&self, key: &str);
}

/// Longest key of a plugin, in bytes.
const KEY: usize = 256;
/// Largest value of a plugin, in bytes.
const VALUE: usize = 64 << 10;
const LONGEST_TTL: Duration = Duration::from_secs(7 * 24 * 3600);
/// Most operations of one call.
const OPERATIONS: u32 = 200;
/// Most bytes of values that one call may write.
const WRITTEN: usize = 4 << 20;

pub(crate) async fn get(call: &mut Call, key: &str) -> Option<Vec<u8>> {
    let key = private(call, key, 0)?;
    call.services.cache.get(&key).await
}

pub(crate) async fn set(call: &mut Call, key: &str, value: Vec<u8>, ttl_seconds: u32) {
    if let Some(key) = private(call, key, value.len()) {
        call.services.cache.set(&key, value, ttl(ttl_seconds)).await;
    }
}

pub(crate) async fn add(call: &mut Call, key: &str, value: Vec<u8>, ttl_seconds: u32) -> bool {
    match private(call, key, value.len()) {
        Some(key) => call.services.cache.add(&key, value, ttl(ttl_seconds)).await,
        None => false,
    }
}

pub(crate) async fn delete(call: &mut Call, key: &str) {
    if let Some(key) = private(call, key, 0) {
        call.services.cache.delete(&key).await;
    }
}

/// The plugin's own key, when key and value are within bounds. What is not kept may as well have
/// been forgotten.
fn private(call: &mut Call, key: &str, size: usize) -> Option<String> {
    let written = call.cache_written.saturating_add(size);
    if call.cache_operations >= OPERATIONS || written > WRITTEN {
        tracing::debug!(plugin.id = %call.caller.id, "a call uses the cache too much; the rest is not kept");
        return None;
    }
    call.cache_operations += 1;
    let (kind, id) = (call.caller.kind, &call.caller.id);
    if key.len() > KEY || size > VALUE {
        tracing::warn!(plugin.kind = kind.name(), plugin.id = %id, value_bytes = size, "a plugin's cache entry is too large and is not kept");
        return None;
    }
    call.cache_written = written;
    Some(format!("{kind}/{id}/{key}"))
}

fn ttl(seconds: u32) -> Duration {
    Duration::from_secs(u64::from(seconds.max(1))).min(LONGEST_TTL)
}

/// A cache in this process, of bounded size.
pub struct MemoryCache {
    entries: Cache<String, Entry>,
}

#[derive(Clone)]
struct Entry {
    value: std::sync::Arc<[u8]>,
    ttl: Duration,
}

struct OwnTtl;

/// Bytes of keys and values. An entry weighs at least [`LEAST`], which bounds their number to
/// 10 000 or so.
const CAPACITY: u64 = 64 << 20;
const LEAST: usize = 6400;

impl MemoryCache {
    pub fn new() -> Self {
        let entries = Cache::builder()
            .max_capacity(CAPACITY)
            .weigher(|key: &String, entry: &Entry| {
                u32::try_from((key.len() + entry.value.len()).max(LEAST)).unwrap_or(u32::MAX)
            })
            .expire_after(OwnTtl)
            .build();
        Self { entries }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.entries.invalidate_all();
    }
}

impl Default for MemoryCache {
    fn default() -> Self {
        Self::new()
    }
}

impl Expiry<String, Entry> for OwnTtl {
    fn expire_after_create(&self, _: &String, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        entry: &Entry,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.ttl)
    }
}

#[async_trait]
impl SharedCache for MemoryCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.entries.get(key).map(|entry| entry.value.to_vec())
    }

    async fn set(&self, key: &str, value: Vec<u8>, ttl: Duration) {
        let value = value.into();
        self.entries.insert(key.to_owned(), Entry { value, ttl });
    }

    async fn add(&self, key: &str, value: Vec<u8>, ttl: Duration) -> bool {
        let value = value.into();
        self.entries
            .entry_by_ref(key)
            .or_insert(Entry { value, ttl })
            .is_fresh()
    }

    async fn delete(&self, key: &str) {
        self.entries.invalidate(key);
    }
}
