use super::{Problem, disk, fresh::Fresh, health::Look};
use crate::{app::App, metrics::Looked};
use push_notify_core::clock::MINUTE_US;
use std::{path::Path, time::Duration};

/// For each thing that is asked.
pub(super) const CHECK_TIMEOUT: Duration = Duration::from_secs(2);
/// When nothing was written for so long, something is, to see whether it can be.
const WRITE_EVERY_US: i64 = MINUTE_US;

/// What health looks at.
#[derive(Clone)]
pub struct Checks {
    pub app: App,
    pub looked: Looked,
    /// Many may ask at the same time, and anybody: one of them looks, the others take what it saw.
    ready: Fresh<Vec<Problem>>,
    pub(super) health: Fresh<Look>,
}

impl Checks {
    pub fn new(app: App) -> Self {
        Self {
            app,
            looked: Looked::default(),
            ready: Fresh::default(),
            health: Fresh::default(),
        }
    }

    /// Why no webhook can be accepted; empty when they can.
    pub async fn not_ready(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.app.pulse.is_stopping() {
            problems.push(Problem::Stopping);
        }
        if !self.app.pulse.has_plugins() {
            problems.push(Problem::PluginsLoading);
        }
        if !self.app.pulse.is_committing() {
            problems.push(Problem::CommitterStopped);
        }
        let found = self.ready.get(async || self.storage().await).await;
        problems.extend(found.iter().cloned());
        problems
    }

    /// What is wrong with the database and its disk.
    async fn storage(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let folders = [
            Some(self.app.config.server.data_dir.clone()),
            self.app.db.folder().map(Path::to_owned),
        ];
        let folders = folders.into_iter().flatten().collect();
        let full = disk::full(folders, self.app.config.health.min_free_disk_mib);
        if let Ok(full) = tokio::time::timeout(CHECK_TIMEOUT, full).await {
            problems.extend(full);
        }
        match answers(self.app.db.ping()).await {
            false => problems.push(Problem::DatabaseDown),
            true if self.app.db.outage().fault().is_some() || !self.can_write().await => {
                problems.push(Problem::NotWritable)
            }
            true => {}
        }
        problems
    }

    /// What the road writes is proof enough; where it failed, or wrote nothing of late, a row of no
    /// meaning is.
    async fn can_write(&self) -> bool {
        let pulse = &self.app.pulse;
        let fresh = || pulse.writes_since(self.app.clock.now_us() - WRITE_EVERY_US);
        if fresh() {
            return true;
        }
        let check = async {
            let now = self.app.clock.now_us();
            self.app.db.check_write(now).await?;
            pulse.wrote(now);
            Ok::<(), sqlx::Error>(())
        };
        match tokio::time::timeout(CHECK_TIMEOUT, check).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "the database cannot be written");
                pulse.write_failed();
                false
            }
            Err(_) => {
                tracing::error!("the database does not let anybody write");
                pulse.write_failed();
                false
            }
        }
    }
}

pub(super) async fn answers<T, E>(question: impl Future<Output = Result<T, E>>) -> bool {
    matches!(
        tokio::time::timeout(CHECK_TIMEOUT, question).await,
        Ok(Ok(_))
    )
}
