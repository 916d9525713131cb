//! Whether what is written can be stored: said once when it begins, now and then while it lasts,
//! and when it is over, however many requests meet it.

use crate::{Db, Dialect, Fault};
use parking_lot::{Mutex, MutexGuard};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

const SAY_EVERY: Duration = Duration::from_secs(30);
const PROBE_EVERY: Duration = Duration::from_secs(2);

#[derive(Default)]
pub struct OutageTracker {
    /// So that a commit that works need not lock.
    is_there: AtomicBool,
    begun: Notify,
    state: Mutex<Option<State>>,
}

struct State {
    fault: Fault,
    since: Instant,
    said: Instant,
    failures: u64,
}

impl OutageTracker {
    /// What keeps it from being stored.
    pub fn fault(&self) -> Option<Fault> {
        self.state().as_ref().map(|state| state.fault)
    }

    /// Something could not be stored.
    pub fn met(&self, fault: Fault, error: &sqlx::Error) {
        let now = Instant::now();
        let mut state = self.state();
        let Some(state) = &mut *state else {
            tracing::error!(%error, reason = fault.reason(), "nothing can be stored; new deliveries are refused until it can");
            *state = Some(State {
                fault,
                since: now,
                said: now,
                failures: 1,
            });
            self.is_there.store(true, Ordering::Relaxed);
            self.begun.notify_one();
            return;
        };
        state.fault = fault;
        state.failures += 1;
        if now.duration_since(state.said) >= SAY_EVERY {
            state.said = now;
            tracing::error!(%error, reason = fault.reason(), failures = state.failures, "still nothing can be stored");
        }
    }

    /// Something was stored.
    pub fn passed(&self) {
        if !self.is_there.load(Ordering::Relaxed) {
            return;
        }
        let Some(state) = self.state().take() else {
            return;
        };
        self.is_there.store(false, Ordering::Relaxed);
        let duration_ms = state.since.elapsed().as_millis() as u64;
        tracing::info!(
            failures = state.failures,
            duration_ms,
            "what comes is stored again"
        );
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock()
    }
}

/// Tries to write while there is outage, so that it is over even if nobody else does. Until `stop`.
pub async fn probe(db: Db, stop: CancellationToken) {
    loop {
        let begun = stop.run_until_cancelled(db.outage().begun.notified());
        if begun.await.is_none() {
            return;
        }
        while let Some(before) = db.outage().fault() {
            if stop.run_until_cancelled(sleep(PROBE_EVERY)).await.is_none() {
                return;
            }
            match write(&db).await {
                Ok(()) => db.outage().passed(),
                Err(error) => db.outage().met(Fault::of(&error).unwrap_or(before), &error),
            }
        }
    }
}

/// Changes nothing, but has to be written all the same.
async fn write(db: &Db) -> Result<(), sqlx::Error> {
    let query = match db.dialect() {
        Dialect::Sqlite => sqlx::query("UPDATE deleted_pushes SET highest_id = highest_id"),
        Dialect::Postgres => {
            sqlx::query("UPDATE nodes SET since = since WHERE number = $1").bind(db.number().get())
        }
    };
    query.execute(db.write()).await?;
    Ok(())
}
