//! The connection to Redis, and what happens when it breaks: the first question that is not
//! answered in time ends it, and until somebody in the background has got it back nobody waits for
//! it. So an outage costs those who were asking at its beginning half a second.

use super::{Away, script};
use anyhow::Context as _;
use futures_util::Stream;
use parking_lot::{Mutex, MutexGuard};
use redis::{
    Client, Cmd, FromRedisValue, Msg, RedisError,
    aio::{MultiplexedConnection, PubSubSink},
    cmd,
};
use std::{
    pin::Pin,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::time::{Instant, timeout};

/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(500);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Between two tries to get it back.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

pub(super) struct Link {
    client: Client,
    state: Mutex<State>,
}

struct State {
    /// None: it is away.
    connection: Option<MultiplexedConnection>,
    outages: u64,
}

/// What is published, while it lasts.
pub(in crate::shared) struct Subscription {
    sink: PubSubSink,
    pub messages: Pin<Box<dyn Stream<Item = Msg> + Send>>,
}

impl Link {
    pub(super) async fn open(url: &str) -> anyhow::Result<Arc<Self>> {
        let client = Client::open(url).context("configuration: `redis.url`")?;
        let opened = connect(&client).await;
        let outages = u64::from(opened.is_err());
        let link = Arc::new(Self {
            client,
            state: Mutex::new(State {
                connection: None,
                outages,
            }),
        });
        match opened {
            Ok(connection) => link.state().connection = Some(connection),
            Err(error) => link.went_away(&error),
        }
        Ok(link)
    }

    pub(super) fn outages(&self) -> u64 {
        self.state().outages
    }

    pub(super) async fn ask<T: FromRedisValue>(self: &Arc<Self>, command: &Cmd) -> Result<T, Away> {
        let (connection, outages) = {
            let state = self.state();
            (state.connection.clone(), state.outages)
        };
        let mut connection = connection.ok_or(Away)?;
        let answer = timeout(ANSWER_TIMEOUT, command.query_async(&mut connection)).await;
        answer.unwrap_or_else(|_| Err(late())).map_err(|error| {
            self.lose(outages, &error);
            Away
        })
    }

    pub(super) async fn subscribe(self: &Arc<Self>, channel: &str) -> Result<Subscription, Away> {
        if self.state().connection.is_none() {
            return Err(Away);
        }
        let subscribed = timeout(CONNECT_TIMEOUT, async {
            let mut subscription = self.client.get_async_pubsub().await?;
            subscription.subscribe(channel).await?;
            Ok::<_, RedisError>(subscription.split())
        });
        let (sink, messages) = subscribed.await.ok().and_then(Result::ok).ok_or(Away)?;
        Ok(Subscription {
            sink,
            messages: Box::pin(messages),
        })
    }

    /// Ends the connection of a question that was not answered, unless somebody has done so
    /// already.
    fn lose(self: &Arc<Self>, outages: u64, error: &RedisError) {
        {
            let mut state = self.state();
            if state.outages != outages {
                return;
            }
            state.connection = None;
            state.outages += 1;
        }
        self.went_away(error);
    }

    fn went_away(self: &Arc<Self>, error: &RedisError) {
        tracing::warn!(
            %error,
            "Redis does not answer (`redis.url`): until it does, each node goes by what it knows itself"
        );
        tokio::spawn(get_back(Arc::downgrade(self), self.client.clone()));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl Subscription {
    /// Whether it is still there: a peer that vanished says nothing.
    pub(in crate::shared) async fn is_alive(&mut self) -> bool {
        let answer = timeout(ANSWER_TIMEOUT, self.sink.ping::<redis::Value>()).await;
        matches!(answer, Ok(Ok(_)))
    }
}

/// Tries until it is there, or nobody wants it any more.
async fn get_back(link: Weak<Link>, client: Client) {
    let since = Instant::now();
    let mut wait = FIRST_WAIT;
    loop {
        tokio::time::sleep(wait).await;
        if link.strong_count() == 0 {
            return;
        }
        if let Ok(connection) = connect(&client).await {
            if let Some(link) = link.upgrade() {
                link.state().connection = Some(connection);
                tracing::info!(
                    away_ms = since.elapsed().as_millis() as u64,
                    "Redis answers again"
                );
            }
            return;
        }
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// A connection that does what is asked of it: one to a full Redis or to a replica, or of a user
/// who may do less, is of no use.
async fn connect(client: &Client) -> Result<MultiplexedConnection, RedisError> {
    let connected = timeout(CONNECT_TIMEOUT, async {
        let mut connection = client.get_multiplexed_async_connection().await?;
        let mut probe = cmd("EVAL");
        probe.arg(script::PROBE).arg(1).arg("push-notify:probe");
        probe.query_async::<()>(&mut connection).await?;
        Ok(connection)
    });
    connected.await.unwrap_or_else(|_| Err(late()))
}

fn late() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}
