//! Every task of the server that runs without being asked.
//!
//! | task | what it does | when | where |
//! |---|---|---|---|
//! | committer | writes events and outcomes | when there are any | every node |
//! | system log | writes lines of the log to the database | when there are any | every node |
//! | storage | counts what deliveries take up | every 5 s, and 30 s over all nodes | every node |
//! | broadcast | publishes signals to other nodes, and takes theirs | at each signal | with Redis |
//! | clock | follows the database's clock | every 60 s | every node |
//! | probe | looks whether the database answers again | every 2 s of an outage | every node |
//! | keys | says which keys are still needed by stored secrets | once | every node |
//! | sweeper | claims what is due | at a signal, else every 1 s, idle every 10 s | workers |
//! | reviews | claims reviews that are due | as the sweeper | workers |
//! | dead letters | sends again what a replay means | as the sweeper | workers |
//! | parked | takes up what waits for a plugin | every 60 s, and when plugins are loaded | workers |
//! | takeover | ends the leases of dead nodes | every 4 s | workers on PostgreSQL |
//! | log retention | removes old lines of the logs | every hour | workers |
//! | retention | removes old events | every hour | one worker, by a duty |
//! | owner alerts | tells owners of targets and repositories that fail | every 15 s | workers, by a lease |
//!
//! The database has tasks of its own, which end with it (`engine/db/src/open.rs`): this node's
//! number is kept, PostgreSQL's statistics and SQLite's write-ahead log follow what is written. The
//! tracer exports spans (`otel/export.rs`). Work that a task finds is spawned by that task.

use super::{
    Pipeline, commit,
    parked::passes,
    queue::{lease::takeover, sweeper},
    replay::dead_letters,
    review,
};
use crate::{
    app::App,
    log::{
        self,
        system::{self, Lines},
    },
    owner_alert, retention, rotation, shared, storage,
    system::Pulse,
};
use push_notify_core::{clock::Clock, config::Role};
use push_notify_db::{Dialect, time};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long each task of [`Records`] has for what is left when the server stops.
const RECORD_TIMEOUT: Duration = Duration::from_secs(5);

/// The tasks that record and tell what the server did. They begin before all others and end after
/// them.
pub struct Records {
    stop: CancellationToken,
    running: Vec<(&'static str, JoinHandle<()>)>,
}

impl Records {
    /// `lines` are those of the system log, where it is kept in the database.
    pub fn start(app: &App, lines: Option<Lines>) -> Self {
        let stop = CancellationToken::new();
        let mut running = vec![
            (
                "broadcast",
                tokio::spawn(shared::run(app.clone(), stop.clone())),
            ),
            (
                "storage",
                tokio::spawn(storage::run(app.clone(), stop.clone())),
            ),
        ];
        tokio::spawn(push_notify_db::probe(app.db.clone(), stop.clone()));
        if let Some(lines) = lines {
            let writer = system::run(app.clone(), lines, stop.clone());
            running.push(("system log", tokio::spawn(writer)));
        }
        Self { stop, running }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        for (task, running) in self.running {
            if tokio::time::timeout(RECORD_TIMEOUT, running).await.is_err() {
                tracing::warn!(task, "what a task had left to record is lost");
            }
        }
    }
}

/// Those that go beside the pipeline until `stop`.
pub fn start_housekeeping(app: &App, clock: Clock, stop: &CancellationToken) {
    tokio::spawn(time::follow(app.db.clone(), clock, stop.clone()));
    tokio::spawn(rotation::watch(app.clone()));
    if app.config.server.has(Role::Worker) {
        tokio::spawn(log::retention::run(app.clone(), stop.clone()));
        tokio::spawn(retention::run(app.clone(), stop.clone()));
        tokio::spawn(owner_alert::run(app.clone(), stop.clone()));
    }
}

impl Pipeline {
    /// The committer; where this server is a worker, also what claims work.
    pub(super) fn start_tasks(&self, requests: commit::Requests) {
        // Not tracked: it ends when the last handle that could still settle is gone.
        let running = Pulse::committing(&self.app);
        let dispatcher = self.dispatcher.clone();
        tokio::spawn(commit::run(self.app.clone(), dispatcher, requests, running));
        if !self.app.config.server.has(Role::Worker) {
            return;
        }
        self.tasks.spawn(sweeper::run(self.clone()));
        self.tasks.spawn(review::run(self.clone()));
        self.tasks.spawn(dead_letters::run(self.clone()));
        self.tasks.spawn(passes::run(self.clone()));
        if self.app.db.dialect() == Dialect::Postgres {
            self.tasks.spawn(takeover::run(self.clone()));
        }
    }
}
