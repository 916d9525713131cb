//! Leases that were written by a transaction of which nobody knows whether it ended well: the
//! connection broke before the answer. Nothing was begun under them, so their pushes need not wait
//! for their ends.

use crate::{app::App, pipeline::message::Lease, push::state::PENDING};
use parking_lot::{Mutex, MutexGuard};
use sqlx::AssertSqlSafe;
use std::sync::Arc;

#[derive(Clone, Default)]
pub(in crate::pipeline) struct UncertainLeases(Arc<Mutex<Vec<Lease>>>);

impl UncertainLeases {
    pub(in crate::pipeline) fn add(&self, lease: Lease) {
        self.leases().push(lease);
    }

    /// Makes due again what is under them. To be called now and then; until it succeeds they are
    /// kept.
    pub(in crate::pipeline) async fn release(&self, app: &App) -> Result<(), sqlx::Error> {
        let leases = std::mem::take(&mut *self.leases());
        for (index, lease) in leases.iter().enumerate() {
            if let Err(error) = release(app, *lease).await {
                self.leases().extend(&leases[index..]);
                return Err(error);
            }
        }
        Ok(())
    }

    fn leases(&self) -> MutexGuard<'_, Vec<Lease>> {
        self.0.lock()
    }
}

/// As before the claim.
async fn release(app: &App, lease: Lease) -> Result<(), sqlx::Error> {
    if lease.until <= app.clock.now_us() {
        return Ok(());
    }
    sqlx::query(AssertSqlSafe(format!(
        "UPDATE pushes SET lease = NULL, attempts = attempts - 1, run_at = created_at
         WHERE id IN (SELECT id FROM push_queue WHERE {PENDING} AND run_at = $1 AND lease = $2)
             AND {PENDING} AND run_at = $1 AND lease = $2"
    )))
    .bind(lease.until)
    .bind(lease.token)
    .execute(app.db.write())
    .await?;
    Ok(())
}
