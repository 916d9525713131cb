//! Looks for targets that fail, and repositories that rest, and of which nobody was told.

use super::{repo, store, tell};
use crate::app::App;
use push_notify_core::clock::{MINUTE_US, Micros};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Who tells has this long, or another does: longer than the tries at a mail take.
const LEASE_US: Micros = 15 * MINUTE_US;

/// Runs until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    while timeout(LOOK_EVERY, stop.cancelled()).await.is_err() {
        match stop.run_until_cancelled(look(&app)).await {
            Some(Ok(())) | None => {}
            Some(Err(error)) => tracing::warn!(%error, "cannot look for failing targets"),
        }
    }
}

/// Begins to tell of each target that fails. An owner who has quiet hours is told after them, if it
/// still fails then.
pub async fn look(app: &App) -> Result<(), sqlx::Error> {
    let now = app.clock.now_us();
    for failing in store::untold(app.db.read(), now).await? {
        let owner = failing.owner.as_ref();
        if owner.is_some_and(|owner| owner.settings.quiet_until(now).is_some()) {
            continue;
        }
        // Several nodes look; one of them tells.
        if store::claim(app.db.write(), &failing, now, now + LEASE_US).await? {
            let app = app.clone();
            tokio::spawn(async move { tell::tell(&app, &failing).await });
        }
    }
    repo::look(app, LEASE_US).await
}
