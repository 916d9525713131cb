//! The plugins' cache in Redis. When Redis is away a plugin finds nothing and `add` says that the key was new: slower,
//! never stuck.

use anyhow::Context as _;
use async_trait::async_trait;
use push_notify_host::SharedCache;
use redis::{
    AsyncCommands as _,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use std::time::Duration;

const PREFIX: &str = "push-notify:plugin:";

pub struct RedisCache(ConnectionManager);

impl RedisCache {
    pub fn connect(url: &str) -> anyhow::Result<Self> {
        let client = redis::Client::open(url).context("configuration: `redis.url`")?;
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(3)))
            .set_response_timeout(Some(Duration::from_secs(2)));
        // Redis may be away now and come later.
        let manager = ConnectionManager::new_lazy_with_config(client, settings)
            .context("configuration: `redis.url`")?;
        Ok(Self(manager))
    }

    pub async fn ping(&self) -> Result<(), redis::RedisError> {
        self.0.clone().ping::<()>().await
    }
}

#[async_trait]
impl SharedCache for RedisCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.0.clone().get::<_, Option<Vec<u8>>>(name(key)).await;
        found.map_err(warn).ok().flatten()
    }

    async fn set(&self, key: &str, value: Vec<u8>, ttl: Duration) {
        let done = self
            .0
            .clone()
            .set_ex::<_, _, ()>(name(key), value, seconds(ttl))
            .await;
        done.map_err(warn).ok();
    }

    async fn add(&self, key: &str, value: Vec<u8>, ttl: Duration) -> bool {
        let options = redis::SetOptions::default()
            .conditional_set(redis::ExistenceCheck::NX)
            .with_expiration(redis::SetExpiry::EX(seconds(ttl)));
        let done = self
            .0
            .clone()
            .set_options::<_, _, Option<String>>(name(key), value, options)
            .await;
        done.map_err(warn).map_or(true, |set| set.is_some())
    }

    async fn delete(&self, key: &str) {
        let done = self.0.clone().del::<_, ()>(name(key)).await;
        done.map_err(warn).ok();
    }
}

fn name(key: &str) -> String {
    format!("{PREFIX}{key}")
}

/// Redis takes no time to live of 0.
fn seconds(ttl: Duration) -> u64 {
    ttl.as_secs().max(1)
}

fn warn(error: redis::RedisError) {
    tracing::warn!(%error, "Redis does not answer");
}
