//! The body in Redis. Every key begins with the installation's prefix; each question is one
//! command, or one script that Redis runs as a whole by its own clock.

mod link;
mod script;

use ::redis::{FromRedisValue, cmd};
use link::Link;
use push_notify_core::id::TargetId;
use push_notify_manifest::Rates;
use std::{sync::Arc, time::Duration};

pub(super) use link::Subscription;

/// Redis did not answer. What to do without it is for whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Away;

pub(super) struct Redis {
    link: Arc<Link>,
    prefix: String,
}

impl Redis {
    pub(super) async fn connect(url: &str, installation: &str) -> anyhow::Result<Self> {
        Ok(Self {
            link: Link::open(url).await?,
            prefix: format!("push-notify:{installation}:"),
        })
    }

    pub(super) async fn answers(&self) -> bool {
        self.link.ask::<String>(&cmd("PING")).await.is_ok()
    }

    /// How often it went away.
    pub(super) fn outages(&self) -> u64 {
        self.link.outages()
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Away> {
        self.link.ask(cmd("GET").arg(self.name(key))).await
    }

    pub(super) async fn set(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), Away> {
        let mut command = cmd("SET");
        command.arg(self.name(key)).arg(value);
        self.link.ask(command.arg("PX").arg(millis(ttl))).await
    }

    pub(super) async fn add(&self, key: &str, value: &[u8], ttl: Duration) -> Result<bool, Away> {
        let mut command = cmd("SET");
        command.arg(self.name(key)).arg(value).arg("NX");
        let set = self.link.ask(command.arg("PX").arg(millis(ttl))).await;
        set.map(|set: Option<String>| set.is_some())
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), Away> {
        self.link.ask(cmd("DEL").arg(self.name(key))).await
    }

    /// Takes up to `most` out of a bucket that earns one back every `interval_us`. Returns how
    /// many, or how long there is none, in microseconds.
    pub(super) async fn take(
        &self,
        bucket: &str,
        interval_us: i64,
        most: u32,
    ) -> Result<Result<u32, i64>, Away> {
        let arguments = [interval_us, i64::from(most)];
        let (taken, wait_us): (u32, i64) = self.run(script::BUCKET, bucket, &arguments).await?;
        Ok(if wait_us > 0 { Err(wait_us) } else { Ok(taken) })
    }

    /// Whether there is one in the bucket.
    pub(super) async fn left(
        &self,
        bucket: &str,
        interval_us: i64,
    ) -> Result<Result<(), i64>, Away> {
        let left = self.take(bucket, interval_us, 0).await?;
        Ok(left.map(drop))
    }

    /// Takes one of what the rates allow, or returns how long there is none.
    pub(super) async fn rate_permit(
        &self,
        target_id: TargetId,
        rates: Rates,
    ) -> Result<Option<Duration>, Away> {
        let arguments = rates.iter().flat_map(|rate| {
            let window_us = i64::try_from(rate.window.as_micros()).unwrap_or(i64::MAX);
            [i64::from(rate.count), window_us]
        });
        let arguments: Vec<i64> = arguments.collect();
        let key = format!("window:target:{target_id}");
        let wait_us: i64 = self.run(script::WINDOW, &key, &arguments).await?;
        let wait = u64::try_from(wait_us).ok().filter(|wait| *wait > 0);
        Ok(wait.map(Duration::from_micros))
    }

    pub(super) async fn publish(&self, text: &str) -> Result<(), Away> {
        let mut command = cmd("PUBLISH");
        self.link
            .ask(command.arg(self.name("news")).arg(text))
            .await
    }

    pub(super) async fn subscribe(&self) -> Result<Subscription, Away> {
        self.link.subscribe(&self.name("news")).await
    }

    async fn run<T: FromRedisValue>(
        &self,
        script: &str,
        key: &str,
        arguments: &[i64],
    ) -> Result<T, Away> {
        let mut command = cmd("EVAL");
        command.arg(script).arg(1).arg(self.name(key));
        self.link.ask(command.arg(arguments)).await
    }

    fn name(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

/// Redis takes no time to live of 0.
fn millis(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1)
}
