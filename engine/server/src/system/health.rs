use super::{Checks, Problem, Severity, problem::Told, ready::CHECK_TIMEOUT};
use crate::{event, push};
use push_notify_core::{
    clock::{HOUR_US, rfc3339},
    i18n::Locale,
};
use push_notify_db::Fault;
use push_notify_host::{PluginInfo, PluginState};
use schemars::JsonSchema;
use serde::Serialize;

/// How the server is. Anybody may ask: whoever is no administrator learns only whether deliveries
/// are accepted, and if not, why.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Health {
    /// `ok`; `degraded`: something needs a look, messages still flow; `down`: nothing can be
    /// accepted.
    pub status: &'static str,
    /// Why it is not `ok`, the worst first. A far side that does not answer is no problem of the
    /// server. Administrators see all, others those that keep deliveries out.
    pub problems: Vec<Told>,
    /// What keeps deliveries from being stored, if anything does.
    pub trouble: Option<&'static str>,
    pub time: String,
    #[serde(flatten)]
    pub details: Option<Details>,
}

/// For administrators.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "HealthDetails")]
pub struct Details {
    pub version: &'static str,
    /// This server among those that share the database.
    pub node: i64,
    pub database: &'static str,
    /// `ok`, `down` (this node goes by what it knows itself), or `off` when there is none.
    pub redis: &'static str,
    pub plugins: Vec<PluginHealth>,
    /// What waits for a plugin; `null` when the database does not answer.
    pub parked: Option<Parked>,
    /// For how long the push that is most overdue has been due, in seconds; `null` when the
    /// database does not answer.
    pub queue_age_seconds: Option<f64>,
    /// Pushes that ended undelivered and can be sent again; `null` when the database does not
    /// answer.
    pub dead_letters: Option<i64>,
    /// Lines that the system log had no room for, since the start.
    pub dropped_log_lines: u64,
}

/// What was seen.
pub(super) struct Look {
    problems: Vec<Problem>,
    trouble: Option<&'static str>,
    time: String,
    details: Details,
}

#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Parked {
    pub events: i64,
    pub pushes: i64,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PluginHealth {
    pub id: String,
    pub state: &'static str,
}

/// What the database says when it answers.
struct Waiting {
    parked: Parked,
    due: Option<i64>,
    dead_letters: i64,
}

impl Checks {
    /// `whole`: with what only administrators may know.
    pub async fn run(&self, locale: Locale, whole: bool) -> Health {
        let look = self.health.get(async || self.look().await).await;
        let problems = look.problems.iter();
        let told = problems.filter(|problem| whole || problem.severity() == Severity::Down);
        Health {
            status: match look.problems.first().map(Problem::severity) {
                Some(Severity::Down) => "down",
                Some(Severity::Degraded) => "degraded",
                None => "ok",
            },
            problems: told.map(|problem| problem.told(locale)).collect(),
            trouble: look.trouble,
            time: look.time.clone(),
            details: whole.then(|| look.details.clone()),
        }
    }

    async fn look(&self) -> Look {
        let trouble = self.app.db.outage().fault();
        let mut problems = self.not_ready().await;
        let database = !problems.contains(&Problem::DatabaseDown);
        let redis = self.app.shared.answers().await;
        if redis == Some(false) {
            problems.push(Problem::RedisDown);
        }
        let plugins = self.app.host.plugins();
        let plugins: Vec<PluginHealth> = plugins.into_iter().map(PluginHealth::of).collect();
        problems.extend(plugins.iter().filter_map(PluginHealth::problem));
        let waiting = match database {
            true => tokio::time::timeout(CHECK_TIMEOUT, self.waiting())
                .await
                .ok(),
            false => None,
        };
        let waiting = waiting.and_then(Result::ok);
        let now = self.app.clock.now_us();
        if let Some(waiting) = &waiting {
            problems.extend(self.problems_of(waiting, now));
        }
        let refused = self.app.storage.refused_since(now - HOUR_US);
        if refused > 0 {
            problems.push(Problem::StorageFull { count: refused });
        }
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity()));
        let due = waiting.as_ref().map(|waiting| waiting.due);
        Look {
            problems,
            trouble: trouble.map(Fault::reason),
            time: rfc3339(now),
            details: Details {
                version: env!("CARGO_PKG_VERSION"),
                node: self.app.db.number().get(),
                database: if database { "ok" } else { "down" },
                redis: redis.map_or("off", |redis| if redis { "ok" } else { "down" }),
                plugins,
                parked: waiting.as_ref().map(|waiting| waiting.parked),
                queue_age_seconds: due.map(|due| due.map_or(0.0, |due| age_seconds(due, now))),
                dead_letters: waiting.map(|waiting| waiting.dead_letters),
                dropped_log_lines: self.app.dropped_lines.count(),
            },
        }
    }

    async fn waiting(&self) -> Result<Waiting, sqlx::Error> {
        let pool = self.app.db.read();
        Ok(Waiting {
            parked: Parked {
                events: event::store::count_parked(pool).await?,
                pushes: push::store::count_parked(pool).await?,
            },
            due: push::store::oldest_due(pool).await?,
            dead_letters: push::store::stats_of_all(pool).await?.failed,
        })
    }

    fn problems_of(&self, waiting: &Waiting, now: i64) -> Vec<Problem> {
        let mut problems = Vec::new();
        let Parked { events, pushes } = waiting.parked;
        if events + pushes > 0 {
            problems.push(Problem::Parked { events, pushes });
        }
        let most = i64::try_from(self.app.config.health.max_queue_age_seconds);
        let seconds = waiting.due.map_or(0, |due| (now - due) / 1_000_000);
        if seconds > most.unwrap_or(i64::MAX) {
            problems.push(Problem::QueueLate { seconds });
        }
        problems
    }
}

impl PluginHealth {
    fn of(plugin: PluginInfo) -> Self {
        Self {
            // Of a file without a manifest only the name.
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
                PluginState::Loading => "loading",
                PluginState::Disabled => "disabled",
                PluginState::Quarantined { .. } => "quarantined",
                PluginState::Failed { .. } => "failed",
            },
        }
    }

    fn problem(&self) -> Option<Problem> {
        match self.state {
            "quarantined" => Some(Problem::PluginQuarantined(self.id.clone())),
            "failed" => Some(Problem::PluginFailed(self.id.clone())),
            _ => None,
        }
    }
}

/// With one decimal; 0 for what is not due yet.
fn age_seconds(due: i64, now: i64) -> f64 {
    ((now - due).max(0) / 100_000) as f64 / 10.0
}
