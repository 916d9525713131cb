//! Requests per minute. Each key has a bucket that holds a minute's worth and fills up evenly.

use super::ApiError;
use crate::{
    clock::{Clock, MINUTE_US, Micros},
    config,
};
use axum::http::Method;
use moka::sync::Cache;
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// As many repositories as a Git host may deliver for at once by their URL.
const REPOS_OF_A_HOST: u32 = 20;

/// The buckets of all classes.
pub struct RateLimits {
    enabled: bool,
    clock: Clock,
    auth: Buckets<IpAddr>,
    webhook: Buckets<i64>,
    /// Deliveries of which it is not known yet whom they are for.
    stranger: Buckets<IpAddr>,
    read: Buckets<i64>,
    write: Buckets<i64>,
}

impl RateLimits {
    pub fn new(settings: &config::RateLimit, clock: Clock) -> Self {
        Self {
            enabled: settings.enabled,
            clock,
            auth: Buckets::new(settings.auth_per_minute),
            webhook: Buckets::new(settings.webhook_per_minute),
            stranger: Buckets::new(settings.webhook_per_minute.saturating_mul(REPOS_OF_A_HOST)),
            read: Buckets::new(settings.read_per_minute),
            write: Buckets::new(settings.write_per_minute),
        }
    }

    /// Login, refresh, captcha, registration and activation.
    pub fn auth(&self, address: Option<IpAddr>) -> Result<(), ApiError> {
        self.check(&self.auth, network(address))
    }

    /// A delivery to a path that anybody may know.
    pub fn stranger(&self, address: Option<IpAddr>) -> Result<(), ApiError> {
        self.check(&self.stranger, network(address))
    }

    /// A webhook delivery for this repository.
    pub fn webhook(&self, repo_id: i64) -> Result<(), ApiError> {
        self.check(&self.webhook, repo_id)
    }

    /// Whether there is a delivery left for this repository; none is taken.
    pub fn webhook_left(&self, repo_id: i64) -> Result<(), ApiError> {
        if !self.enabled {
            return Ok(());
        }
        let left = self.webhook.left(repo_id, self.clock.now_us());
        left.map_err(refused)
    }

    /// A request of a logged-in user.
    pub fn user(&self, user_id: i64, method: &Method) -> Result<(), ApiError> {
        let class = if method.is_safe() {
            &self.read
        } else {
            &self.write
        };
        self.check(class, user_id)
    }

    fn check<K: Key>(&self, class: &Buckets<K>, key: K) -> Result<(), ApiError> {
        if !self.enabled {
            return Ok(());
        }
        class.take(key, self.clock.now_us()).map_err(refused)
    }
}

fn refused(wait_us: i64) -> ApiError {
    ApiError::too_many_requests((wait_us as u64).div_ceil(1_000_000))
}

/// Addresses of one IPv6 network are one client; callers without an address share a bucket.
fn network(address: Option<IpAddr>) -> IpAddr {
    match address {
        Some(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        },
        Some(v4) => v4,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

trait Key: std::hash::Hash + Eq + Send + Sync + 'static {}
impl<K: std::hash::Hash + Eq + Send + Sync + 'static> Key for K {}

struct Buckets<K> {
    /// How long one request takes to be earned back.
    interval_us: i64,
    /// For each key the time at which its bucket is full again; one that is full already need not be kept.
    full_at: Cache<K, Arc<Mutex<Micros>>>,
}

impl<K: Key> Buckets<K> {
    /// 0 a minute: none ever.
    fn new(per_minute: u32) -> Self {
        Self {
            interval_us: MINUTE_US
                .checked_div(i64::from(per_minute))
                .unwrap_or(MINUTE_US + 1),
            full_at: Cache::builder()
                .max_capacity(100_000)
                .time_to_idle(Duration::from_secs(120))
                .build(),
        }
    }

    /// Fails with how long to wait, in microseconds.
    fn take(&self, key: K, now: Micros) -> Result<(), i64> {
        let bucket = self.full_at.get_with(key, Default::default);
        let mut full_at = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        *full_at = self.after(*full_at, now)?;
        Ok(())
    }

    /// As `take`, and takes nothing.
    fn left(&self, key: K, now: Micros) -> Result<(), i64> {
        let Some(bucket) = self.full_at.get(&key) else {
            return self.after(now, now).map(drop);
        };
        let full_at = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        self.after(*full_at, now).map(drop)
    }

    /// When the bucket is full again if one is taken now.
    fn after(&self, full_at: Micros, now: Micros) -> Result<Micros, i64> {
        // A clock that was set back must not lock anybody out: a bucket is never further from full than a minute.
        let next = full_at.clamp(now, now + MINUTE_US) + self.interval_us;
        if next - now > MINUTE_US {
            return Err(next - now - MINUTE_US);
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests;
