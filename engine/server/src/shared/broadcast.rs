//! What nodes tell one another: that there is work, and that what they hold in memory is stale.
//! Signals may get lost; a node that was not listening takes everything that it holds for stale.

use super::redis::{Redis, Subscription};
use crate::app::App;
use futures_util::StreamExt as _;
use push_notify_core::random;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

/// What happens more often than this is told once.
const PUBLISH_EVERY: Duration = Duration::from_millis(50);
/// Between two tries while Redis is away. What is held in memory is not trusted any longer than
/// that and a connection takes.
const TRY_EVERY: Duration = Duration::from_secs(1);
/// Silence for this long is looked into.
const LOOK_EVERY: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// There are pushes that no worker holds.
    PushesDue,
    /// There are reviews that no worker holds.
    ReviewsDue,
    /// What the pipeline caches is stale.
    Changed,
    /// What is kept of users and sessions is stale.
    UsersChanged,
}

/// Some signals, a bit each.
#[derive(Default)]
pub(super) struct Outbox {
    untold: AtomicU8,
    more: Notify,
    heard: AtomicBool,
}

impl Signal {
    const ALL: [Self; 4] = [
        Self::PushesDue,
        Self::ReviewsDue,
        Self::Changed,
        Self::UsersChanged,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::PushesDue => "pushes-due",
            Self::ReviewsDue => "reviews-due",
            Self::Changed => "changed",
            Self::UsersChanged => "users-changed",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Outbox {
    pub(super) fn publish(&self, signal: Signal) {
        if self.untold.fetch_or(signal.bit(), Ordering::AcqRel) & signal.bit() == 0 {
            self.more.notify_one();
        }
    }

    pub(super) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Acquire)
    }

    /// True when all is told.
    async fn publish_all(&self, redis: &Redis, sender: &str) -> bool {
        let untold = self.untold.swap(0, Ordering::AcqRel);
        let signals = Signal::ALL.into_iter();
        let mut done = true;
        for signal in signals.filter(|signal| untold & signal.bit() != 0) {
            let text = format!("{sender} {}", signal.name());
            if redis.publish(&text).await.is_err() {
                self.untold.fetch_or(signal.bit(), Ordering::AcqRel);
                done = false;
            }
        }
        done
    }
}

/// Tells and listens until `stop`. Without Redis there is nobody.
pub async fn run(app: App, stop: CancellationToken) {
    let Some(redis) = app.shared.redis().cloned() else {
        return;
    };
    let sender = random::hex::<8>();
    tokio::select! {
        () = stop.cancelled() => {}
        () = publish(&app, &redis, &sender) => {}
        () = listen(&app, &redis, &sender) => {}
    }
    // Such as that there is work which this node leaves.
    app.shared.outbox.publish_all(&redis, &sender).await;
}

async fn publish(app: &App, redis: &Redis, sender: &str) {
    let outbox = &app.shared.outbox;
    loop {
        outbox.more.notified().await;
        while !outbox.publish_all(redis, sender).await {
            tokio::time::sleep(TRY_EVERY).await;
        }
        tokio::time::sleep(PUBLISH_EVERY).await;
    }
}

async fn listen(app: &App, redis: &Arc<Redis>, sender: &str) {
    let heard = &app.shared.outbox.heard;
    loop {
        if let Ok(subscription) = redis.subscribe().await {
            // In this order: what was missed is behind us before anything that is read is kept for
            // longer.
            app.missed_signals();
            heard.store(true, Ordering::Release);
            receive(app, subscription, sender).await;
            heard.store(false, Ordering::Release);
        }
        app.missed_signals();
        tokio::time::sleep(TRY_EVERY).await;
    }
}

/// Until the connection is lost.
async fn receive(app: &App, mut subscription: Subscription, sender: &str) {
    loop {
        match timeout(LOOK_EVERY, subscription.messages.next()).await {
            Ok(Some(message)) => {
                let text = message.get_payload::<String>().unwrap_or_default();
                let told = text.split_once(' ').filter(|(by, _)| *by != sender);
                let named =
                    |name: &str| Signal::ALL.into_iter().find(|signal| signal.name() == name);
                if let Some(signal) = told.and_then(|(_, name)| named(name)) {
                    app.on_signal(signal);
                }
            }
            Ok(None) => return,
            Err(_) => {
                if !subscription.is_alive().await {
                    return;
                }
            }
        }
    }
}
