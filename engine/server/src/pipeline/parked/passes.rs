//! Takes up what is parked: events whose parser was out of order, and pushes whose channel was.
//! Repositories take turns, so that what fails for one of them costs the others nothing.

use super::unpark::Replayed;
use crate::{
    pipeline::{Pipeline, store},
    push,
};
use futures_util::{StreamExt as _, stream};
use push_notify_core::id::{EventId, RepoId};
use push_notify_db::list::among;
use push_notify_host::PluginState;
use push_notify_manifest::Kind;
use sqlx::{AssertSqlSafe, Row as _};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// What is parked waits for a plugin to be loaded; what got parked for a passing reason is tried
/// this often.
const EVERY: Duration = Duration::from_secs(60);
/// Events of one repository that are looked up at a time.
const OF_EACH: i64 = 16;
/// Events that are looked up at a time.
const MOST: i64 = 1_000;
/// Pushes that try whether a plugin in quarantine works again.
const FEW: i64 = 2;
/// Repositories that are served at the same time: one whose deliveries take long holds up no other.
const AT_ONCE: usize = 4;

/// Which parked events are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Pass {
    /// All: plugins were loaded.
    All,
    /// Those whose time has come.
    Due,
}

/// Runs until the pipeline stops.
pub(in crate::pipeline) async fn run(pipeline: Pipeline) {
    let stop = pipeline.stop.clone();
    while tokio::time::timeout(EVERY, stop.cancelled()).await.is_err() {
        take_up(&pipeline, Pass::Due).await;
    }
}

/// Takes up what waits for a plugin that works now, and some of what waits for one that may.
pub(in crate::pipeline) async fn take_up(pipeline: &Pipeline, pass: Pass) {
    let _one = pipeline.taking_up.lock().await;
    let plugins = pipeline.app.host.plugins();
    for plugin in &plugins {
        let most = match plugin.state {
            PluginState::Active => i64::MAX,
            PluginState::Quarantined { .. } => FEW,
            PluginState::Loading | PluginState::Disabled | PluginState::Failed { .. } => continue,
        };
        let Some(manifest) = &plugin.manifest else {
            continue;
        };
        let done = match manifest.kind {
            Kind::Channel => pushes(pipeline, &manifest.id, most).await,
            Kind::Provider => events(pipeline, &manifest.id, pass).await,
            Kind::Ai => Ok(()),
        };
        if let Err(error) = done {
            tracing::error!(plugin.id = manifest.id, %error, "cannot take up parked work");
        }
    }
}

/// At most `most`, those that waited longest.
async fn pushes(pipeline: &Pipeline, channel: &str, most: i64) -> Result<(), store::Error> {
    let app = &pipeline.app;
    let taken_up = push::store::unpark(app.db.write(), channel, most, app.clock.now_us()).await?;
    if taken_up > 0 {
        tracing::info!(pushes = taken_up, channel, "took up parked pushes");
        pipeline.app.pushes_due();
    }
    Ok(())
}

/// Until there are no more, or all repositories that have any had one that stays parked.
async fn events(pipeline: &Pipeline, provider: &str, pass: Pass) -> Result<(), store::Error> {
    let due_by = match pass {
        Pass::All => i64::MAX,
        Pass::Due => pipeline.app.clock.now_us(),
    };
    let mut resting = HashSet::new();
    loop {
        let round = round(pipeline, provider, due_by, &resting).await?;
        let served = stream::iter(round)
            .map(|(repo_id, event_ids)| async move {
                (repo_id, serve(pipeline, provider, &event_ids).await)
            })
            .buffer_unordered(AT_ONCE);
        let served: Vec<(RepoId, Served)> = served.collect().await;
        let rest = served.iter().filter(|(_, served)| served.rests);
        resting.extend(rest.map(|(repo_id, _)| *repo_id));
        // Where the plugin is in quarantine for others, some wait for who tries it, and come next.
        let any = served
            .iter()
            .any(|(_, served)| served.ended > 0 || served.rests);
        if !any || !works(pipeline, provider) {
            return Ok(());
        }
    }
}

/// The next events of each repository, as they came; one that stayed parked waits behind those that
/// came before it was tried.
async fn round(
    pipeline: &Pipeline,
    provider: &str,
    due_by: i64,
    resting: &HashSet<RepoId>,
) -> Result<Vec<(RepoId, Vec<EventId>)>, store::Error> {
    let others = match resting.is_empty() {
        true => String::new(),
        false => format!(" AND NOT {}", among("e.repo_id", resting.iter().copied())),
    };
    let sql = format!(
        "SELECT id, repo_id FROM (
            SELECT e.id, e.repo_id, ROW_NUMBER() OVER (
                PARTITION BY e.repo_id ORDER BY COALESCE(e.retry_at, 0), e.id) AS place_in_line
            FROM events e JOIN repos r ON r.id = e.repo_id
            WHERE e.state = 'parked' AND r.type = $1 AND COALESCE(e.retry_at, 0) <= $2{others}
         ) waiting WHERE place_in_line <= {OF_EACH} ORDER BY place_in_line, id LIMIT {MOST}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(provider)
        .bind(due_by)
        .persistent(resting.is_empty())
        .fetch_all(pipeline.app.db.read())
        .await?;
    let mut round: Vec<(RepoId, Vec<EventId>)> = Vec::new();
    let mut places = HashMap::new();
    for row in &rows {
        let repo_id: RepoId = row.get("repo_id");
        let place = *places.entry(repo_id).or_insert_with(|| {
            round.push((repo_id, Vec::new()));
            round.len() - 1
        });
        round[place].1.push(row.get("id"));
    }
    Ok(round)
}

/// What became of a repository's turn.
#[derive(Default)]
struct Served {
    ended: usize,
    /// One stays parked: the others wait for the next pass, as more of the kind would only break
    /// the plugin again.
    rests: bool,
}

/// Replays events of one repository.
async fn serve(pipeline: &Pipeline, provider: &str, event_ids: &[EventId]) -> Served {
    let mut served = Served::default();
    for event_id in event_ids {
        if !works(pipeline, provider) {
            return served;
        }
        match pipeline.replay(*event_id).await {
            Ok(Replayed::StillParked { tried: false, .. }) => return served,
            Ok(replayed) => {
                tracing::info!(
                    event.id = event_id.get(),
                    ?replayed,
                    "replayed a parked event"
                );
                served.rests = matches!(replayed, Replayed::StillParked { .. });
            }
            Err(error) => {
                tracing::error!(event.id = event_id.get(), %error, "cannot replay a parked event");
                served.rests = true;
            }
        }
        if served.rests {
            return served;
        }
        served.ended += 1;
    }
    served
}

fn works(pipeline: &Pipeline, provider: &str) -> bool {
    !pipeline.stop.is_cancelled() && pipeline.app.host.provider(provider).is_some()
}
