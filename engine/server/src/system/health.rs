use crate::{app::App, clock::rfc3339, event, push, shared::RedisCache};
use push_notify_host::PluginState;
use schemars::JsonSchema;
use serde::Serialize;
use std::{sync::Arc, time::Duration};

const PATIENCE: Duration = Duration::from_secs(2);

/// What health looks at.
#[derive(Clone)]
pub struct Checks {
    pub app: App,
    pub redis: Option<Arc<RedisCache>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Health {
    /// `ok`; `degraded`: something needs a look, messages still flow; `down`: nothing can be accepted.
    pub status: &'static str,
    pub version: &'static str,
    pub database: &'static str,
    /// `ok`, `down`, or `off` when there is none.
    pub redis: &'static str,
    pub plugins: Vec<PluginHealth>,
    /// What waits for a plugin; `null` when the database does not answer.
    pub parked: Option<Parked>,
    /// For how long the push that is most overdue has been due, in seconds; `null` when the database does not answer.
    pub queue_age_seconds: Option<f64>,
    /// Lines that the system log had no room for, since the start.
    pub dropped_log_lines: u64,
    pub time: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Parked {
    pub events: i64,
    pub pushes: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PluginHealth {
    pub id: String,
    pub state: &'static str,
}

impl Checks {
    pub async fn run(&self) -> Health {
        let database = answers(self.app.db.ping()).await;
        let redis = match &self.redis {
            Some(redis) => Some(answers(redis.ping()).await),
            None => None,
        };
        let plugins = self.app.host.plugins();
        let plugins: Vec<PluginHealth> = plugins
            .into_iter()
            .map(|plugin| PluginHealth {
                // Anybody may ask: of a file without a manifest only the name.
                id: plugin.manifest.map_or_else(
                    || {
                        plugin
                            .name
                            .rsplit('/')
                            .next()
                            .unwrap_or_default()
                            .to_owned()
                    },
                    |manifest| manifest.id.clone(),
                ),
                state: match plugin.state {
                    PluginState::Active => "active",
                    PluginState::Disabled => "disabled",
                    PluginState::Quarantined { .. } => "quarantined",
                    PluginState::Failed { .. } => "failed",
                },
            })
            .collect();
        let parked = tokio::time::timeout(PATIENCE, self.parked()).await;
        let parked = parked.ok().and_then(Result::ok);
        let due = push::store::oldest_due(self.app.db.read());
        let due = tokio::time::timeout(PATIENCE, due).await;
        let due = due.ok().and_then(Result::ok);
        let now = self.app.clock.now_us();
        let queue_age_seconds = due.map(|due| due.map_or(0.0, |due| age_seconds(due, now)));
        let waiting = parked
            .as_ref()
            .is_some_and(|parked| parked.events + parked.pushes > 0);
        let broken = waiting
            || plugins
                .iter()
                .any(|plugin| matches!(plugin.state, "quarantined" | "failed"));
        Health {
            status: match (database, broken, redis) {
                (false, ..) => "down",
                (true, false, None | Some(true)) => "ok",
                _ => "degraded",
            },
            version: env!("CARGO_PKG_VERSION"),
            database: if database { "ok" } else { "down" },
            redis: redis.map_or("off", |redis| if redis { "ok" } else { "down" }),
            plugins,
            parked,
            queue_age_seconds,
            dropped_log_lines: self.app.dropped_lines.count(),
            time: rfc3339(self.app.clock.now_us()),
        }
    }

    async fn parked(&self) -> Result<Parked, sqlx::Error> {
        Ok(Parked {
            events: event::store::count_parked(self.app.db.read()).await?,
            pushes: push::store::count_parked(self.app.db.read()).await?,
        })
    }
}

/// With one decimal; 0 for what is not due yet.
fn age_seconds(due: i64, now: i64) -> f64 {
    ((now - due).max(0) / 100_000) as f64 / 10.0
}

async fn answers<T, E>(question: impl Future<Output = Result<T, E>>) -> bool {
    matches!(tokio::time::timeout(PATIENCE, question).await, Ok(Ok(_)))
}
