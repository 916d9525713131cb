//! Starting the parts of the pipeline, and stopping them.

use super::{
    cache::Caches, commit::Committer, deliver::send, dispatch::Dispatcher, ingest::Admission,
    parked::passes, queue::lease::uncertain::UncertainLeases,
};
use crate::app::App;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The pipeline's parts. Cheap to clone.
#[derive(Clone)]
pub struct Pipeline {
    pub(crate) app: App,
    pub(super) caches: Arc<Caches>,
    pub(super) committer: Committer,
    pub(super) dispatcher: Dispatcher,
    pub(super) stop: CancellationToken,
    pub(super) admission: Arc<Admission>,
    pub(super) tasks: TaskTracker,
    /// What is parked is taken up by one at a time.
    pub(super) taking_up: Arc<Mutex<()>>,
    /// What the parked deliveries of all repositories take up, and when that was counted.
    pub(super) parked_bytes: Arc<Mutex<Option<(i64, Instant)>>>,
}

impl Pipeline {
    /// Starts the committer; where this server is a worker, also what claims work.
    pub fn start(app: App) -> Self {
        let caches = Arc::new(Caches::new(app.clone()));
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let (committer, requests) = Committer::new();
        let sender = send::Sender {
            app: app.clone(),
            caches: caches.clone(),
            committer: committer.clone(),
            uncertain: UncertainLeases::default(),
        };
        let dispatcher = Dispatcher::new(sender, tasks.clone(), stop.clone());
        let pipeline = Self {
            app: app.clone(),
            caches,
            committer,
            dispatcher,
            stop,
            admission: Arc::new(Admission::new(&app.config)),
            tasks,
            taking_up: Arc::default(),
            parked_bytes: Arc::default(),
        };
        pipeline.start_tasks(requests);
        pipeline
    }

    /// Takes no new work and waits, at most `grace_period`, for the sends under way. What is left
    /// comes due again at the next start.
    pub async fn stop(&self, grace_period: Duration) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(grace_period, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("sends are still under way; they are taken up again at the next start");
        }
    }

    /// Pushes and events that wait for a plugin are tried again, in the background.
    pub fn unpark(&self) {
        let pipeline = self.clone();
        self.tasks
            .spawn(async move { passes::take_up(&pipeline, passes::Pass::All).await });
    }
}
