//! Requests per minute, over all nodes. Each key has a bucket that holds a minute's worth and fills
//! up evenly.

use crate::{
    http::{ApiError, client::Client},
    shared::{Buckets, Key, Shared},
    shares::{Shares, network},
};
use axum::http::Method;
use push_notify_core::{
    config,
    id::{RepoId, UserId},
};
use std::{net::IpAddr, sync::Arc};

/// For whoever has as many bodies on their way as may be.
const RETRY_AFTER_SECONDS: u64 = 5;
/// As many repositories as a Git host may deliver for at once by their URL.
const REPOS_OF_A_HOST: u32 = 20;

/// The buckets of all classes.
pub struct RateLimits {
    enabled: bool,
    auth: Buckets<IpAddr>,
    webhook: Buckets<RepoId>,
    /// Deliveries of which it is not known yet whom they are for.
    stranger: Buckets<IpAddr>,
    read: Buckets<UserId>,
    write: Buckets<UserId>,
    /// On their way from behind proxies: of other clients, connections are counted.
    bodies: Shares,
}

impl RateLimits {
    /// `bodies`: as many of one client may be on their way from behind proxies.
    pub fn new(settings: &config::RateLimit, bodies: usize, shared: &Shared) -> Self {
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
            bodies: Shares::new(bodies as u64),
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
    pub async fn webhook(&self, repo_id: RepoId) -> Result<(), ApiError> {
        self.check(&self.webhook, repo_id).await
    }

    /// Whether there is a delivery left for this repository; none is taken.
    pub async fn webhook_left(&self, repo_id: RepoId) -> Result<(), ApiError> {
        if !self.enabled {
            return Ok(());
        }
        self.webhook.left(repo_id).await.map_err(refused)
    }

    /// A request of a logged-in user.
    pub async fn user(&self, user_id: UserId, method: &Method) -> Result<(), ApiError> {
        let class = if method.is_safe() {
            &self.read
        } else {
            &self.write
        };
        self.check(class, user_id).await
    }

    /// For as long as a body is on its way. Each client of a proxy has as many as it could have
    /// connections of its own.
    pub fn body(self: &Arc<Self>, client: &Client) -> Result<Option<Slow>, ApiError> {
        if !client.is_behind {
            return Ok(None);
        }
        let network = network(client.ip);
        if !self.bodies.take(network, 1) {
            return Err(ApiError::too_many_requests(RETRY_AFTER_SECONDS));
        }
        let limits = self.clone();
        Ok(Some(Slow { limits, network }))
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

/// A body on its way from behind a proxy, until this is dropped.
pub struct Slow {
    limits: Arc<RateLimits>,
    network: IpAddr,
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.limits.bodies.give_back(self.network, 1);
    }
}

#[cfg(test)]
mod tests;
