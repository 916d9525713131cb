//! Requests per minute, over all nodes. Each key has a bucket that holds a minute's worth and fills up evenly.

use super::ApiError;
use crate::{
    config,
    shared::{Buckets, Key, Shared},
};
use axum::http::Method;
use std::net::{IpAddr, Ipv6Addr};

/// As many repositories as a Git host may deliver for at once by their URL.
const REPOS_OF_A_HOST: u32 = 20;

/// The buckets of all classes.
pub struct RateLimits {
    enabled: bool,
    auth: Buckets<IpAddr>,
    webhook: Buckets<i64>,
    /// Deliveries of which it is not known yet whom they are for.
    stranger: Buckets<IpAddr>,
    read: Buckets<i64>,
    write: Buckets<i64>,
}

impl RateLimits {
    pub fn new(settings: &config::RateLimit, shared: &Shared) -> Self {
        Self {
            enabled: settings.enabled,
            auth: shared.buckets("auth", settings.auth_per_minute),
            webhook: shared.buckets("webhook", settings.webhook_per_minute),
            stranger: shared.buckets(
                "stranger",
                settings.webhook_per_minute.saturating_mul(REPOS_OF_A_HOST),
            ),
            read: shared.buckets("read", settings.read_per_minute),
            write: shared.buckets("write", settings.write_per_minute),
        }
    }

    /// Login, refresh, captcha, registration and activation.
    pub async fn auth(&self, address: Option<IpAddr>) -> Result<(), ApiError> {
        self.check(&self.auth, network(address)).await
    }

    /// A delivery to a path that anybody may know.
    pub async fn stranger(&self, address: Option<IpAddr>) -> Result<(), ApiError> {
        self.check(&self.stranger, network(address)).await
    }

    /// A webhook delivery for this repository.
    pub async fn webhook(&self, repo_id: i64) -> Result<(), ApiError> {
        self.check(&self.webhook, repo_id).await
    }

    /// Whether there is a delivery left for this repository; none is taken.
    pub async fn webhook_left(&self, repo_id: i64) -> Result<(), ApiError> {
        if !self.enabled {
            return Ok(());
        }
        self.webhook.left(repo_id).await.map_err(refused)
    }

    /// A request of a logged-in user.
    pub async fn user(&self, user_id: i64, method: &Method) -> Result<(), ApiError> {
        let class = if method.is_safe() {
            &self.read
        } else {
            &self.write
        };
        self.check(class, user_id).await
    }

    async fn check<K: Key>(&self, class: &Buckets<K>, key: K) -> Result<(), ApiError> {
        if !self.enabled {
            return Ok(());
        }
        class.take(key).await.map_err(refused)
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

#[cfg(test)]
mod tests;
