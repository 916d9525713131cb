//! Removes what is older than the configuration wants it kept.

use super::{Kind, store};
use crate::app::App;
use push_notify_core::{
    clock::{DAY_US, Micros},
    config::Log,
    id::LogId,
};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// A server that starts has better things to do.
const FIRST: Duration = Duration::from_secs(300);
const EVERY: Duration = Duration::from_secs(3600);
/// Rows of one transaction: a few milliseconds of SQLite's one writer.
const BATCH: u32 = 500;
/// Between transactions, for whoever else writes.
const BREATH: Duration = Duration::from_millis(50);

/// Runs until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    let mut pause = FIRST;
    while timeout(pause, stop.cancelled()).await.is_err() {
        match stop.run_until_cancelled(prune(&app)).await {
            Some(Ok(())) | None => {}
            Some(Err(error)) => tracing::warn!(%error, "cannot remove old log rows"),
        }
        pause = EVERY;
    }
}

/// Removes all that is too old now.
pub async fn prune(app: &App) -> Result<(), sqlx::Error> {
    for kind in Kind::ALL {
        let Some(before) = cut(app, kind).await? else {
            continue;
        };
        let mut removed = 0;
        loop {
            let some = store::remove(&app.db, kind, before, BATCH).await?;
            removed += some;
            if some < u64::from(BATCH) {
                break;
            }
            sleep(BREATH).await;
        }
        if removed > 0 {
            tracing::info!(log = kind.name(), rows = removed, "removed old log rows");
        }
    }
    Ok(())
}

/// What is older goes. None: all stays.
async fn cut(app: &App, kind: Kind) -> Result<Option<Micros>, sqlx::Error> {
    let settings = &app.config.log;
    let days = keep_days(settings, kind);
    let by_age = (days > 0).then(|| app.clock.now_us() - i64::from(days) * DAY_US);
    let by_count = match (kind, i64::from(settings.keep_system_rows)) {
        (Kind::System, rows @ 1..) => {
            let newest = store::newest_id(app.db.read(), kind).await?;
            store::time_of(app.db.read(), kind, LogId::new(newest.get() - rows)).await?
        }
        // Only what people and models did: they are slow.
        _ => None,
    };
    Ok(by_age.max(by_count))
}

/// 0: for ever.
fn keep_days(settings: &Log, kind: Kind) -> u32 {
    match kind {
        Kind::System => settings.keep_system_days,
        Kind::Operation => settings.keep_operation_days,
        Kind::AiCall => settings.keep_ai_call_days,
    }
}
