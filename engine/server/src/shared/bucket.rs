//! Requests per minute, by buckets that hold a minute's worth and fill up evenly.
//!
//! A node has a bucket of its own for each key, and there is one in Redis for all nodes: a request
//! needs both. From the one in Redis a node takes a few at a time, so that not every request is a
//! round trip. So the nodes together never get more than the limit out of it; what one node has
//! taken and not used, a twentieth of the limit at most, is what another may be refused too early.
//! While Redis is away each node goes by its own bucket, and they may let pass as many times the
//! limit as there are nodes.

use super::redis::{Away, Redis};
use moka::sync::Cache;
use parking_lot::{Mutex, MutexGuard};
use push_notify_core::clock::{Clock, MINUTE_US, Micros};
use std::{fmt::Display, hash::Hash, sync::Arc, time::Duration};

/// What a node takes out of Redis at once: this part of the limit,
const SHARE: u32 = 20;
/// and no more than that.
const LARGEST_BLOCK: u32 = 64;
const MOST_KEYS: u64 = 100_000;

/// The limits of one kind. Cheap to clone.
#[derive(Clone)]
pub struct Buckets<K> {
    kind: &'static str,
    clock: Clock,
    /// How long one request takes to be earned back.
    interval_us: i64,
    block: u32,
    redis: Option<Arc<Redis>>,
    own: Cache<K, Arc<Bucket>>,
}

pub trait Key: Hash + Eq + Clone + Display + Send + Sync + 'static {}
impl<K: Hash + Eq + Clone + Display + Send + Sync + 'static> Key for K {}

#[derive(Default)]
struct Bucket {
    level: Mutex<Level>,
    /// Who waits for an answer of Redis takes from what the one before it got.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Level {
    /// When the bucket is full again; one that is full already need not be kept.
    full_at: Micros,
    /// Taken out of Redis and not used yet.
    held: u32,
    /// Until then there is none left in Redis.
    shared_empty_until: Micros,
}

impl<K: Key> Buckets<K> {
    /// 0 a minute: none ever.
    pub(super) fn new(
        kind: &'static str,
        per_minute: u32,
        clock: Clock,
        redis: Option<Arc<Redis>>,
    ) -> Self {
        Self {
            kind,
            clock,
            interval_us: MINUTE_US
                .checked_div(i64::from(per_minute))
                .unwrap_or(MINUTE_US + 1),
            block: (per_minute / SHARE).clamp(1, LARGEST_BLOCK),
            redis,
            own: Cache::builder()
                .max_capacity(MOST_KEYS)
                .time_to_idle(Duration::from_secs(120))
                .build(),
        }
    }

    /// Fails with how long to wait, in microseconds.
    pub async fn take(&self, key: K) -> Result<(), i64> {
        let bucket = self.own.get_with(key.clone(), Default::default);
        let now = self.clock.now_us();
        {
            let mut level = bucket.level();
            level.full_at = self.after(level.full_at, now)?;
        }
        let Some(redis) = &self.redis else {
            return Ok(());
        };
        if let Some(known) = self.known(&bucket, now) {
            return known;
        }
        let _one = bucket.asking.lock().await;
        if let Some(known) = self.known(&bucket, now) {
            return known;
        }
        let name = self.name(&key);
        match redis.take(&name, self.interval_us, self.block).await {
            // This node's own bucket has let it pass.
            Err(Away) => Ok(()),
            Ok(Err(wait_us)) => {
                let mut level = bucket.level();
                level.full_at -= self.interval_us;
                level.shared_empty_until = now + wait_us;
                Err(wait_us)
            }
            Ok(Ok(taken)) => {
                bucket.level().held += taken.saturating_sub(1);
                Ok(())
            }
        }
    }

    /// As `take`, and takes nothing.
    pub async fn left(&self, key: K) -> Result<(), i64> {
        let is_held = self.left_here(&key, self.clock.now_us())?;
        match &self.redis {
            Some(redis) if !is_held => {
                let name = self.name(&key);
                let left = redis.left(&name, self.interval_us).await;
                left.unwrap_or(Ok(()))
            }
            _ => Ok(()),
        }
    }

    /// As far as this node knows. True: there is one that it has got out of Redis.
    fn left_here(&self, key: &K, now: Micros) -> Result<bool, i64> {
        let Some(bucket) = self.own.get(key) else {
            return self.after(now, now).map(|_| false);
        };
        let level = bucket.level();
        self.after(level.full_at, now)?;
        if level.held > 0 {
            return Ok(true);
        }
        level.refusal(now).map(|()| false)
    }

    /// What need not be asked: there is one in store, or none to be had.
    fn known(&self, bucket: &Bucket, now: Micros) -> Option<Result<(), i64>> {
        let mut level = bucket.level();
        if level.held > 0 {
            level.held -= 1;
            return Some(Ok(()));
        }
        let refusal = level.refusal(now).err()?;
        level.full_at -= self.interval_us;
        Some(Err(refusal))
    }

    /// When the bucket is full again if one is taken now.
    fn after(&self, full_at: Micros, now: Micros) -> Result<Micros, i64> {
        // A clock that was set back must not lock anybody out: a bucket is never further from full
        // than a minute.
        let next = full_at.clamp(now, now + MINUTE_US) + self.interval_us;
        if next - now > MINUTE_US {
            return Err(next - now - MINUTE_US);
        }
        Ok(next)
    }

    fn name(&self, key: &K) -> String {
        format!("bucket:{}:{key}", self.kind)
    }
}

impl Bucket {
    fn level(&self) -> MutexGuard<'_, Level> {
        self.level.lock()
    }
}

impl Level {
    fn refusal(&self, now: Micros) -> Result<(), i64> {
        let wait_us = self.shared_empty_until - now;
        match wait_us {
            1..=MINUTE_US => Err(wait_us),
            // Over, or of a clock that was set back.
            _ => Ok(()),
        }
    }
}
