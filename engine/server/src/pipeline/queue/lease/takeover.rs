//! Taking over what servers held that no longer live, without waiting for the ends of their leases.

use super::orphans;
use crate::{app::App, pipeline::Pipeline};
use push_notify_db::{Departed, Watch};
use std::time::Duration;

const LOOK_EVERY: Duration = Duration::from_secs(4);

/// At start: returns how many pushes and reviews are due again.
pub async fn recover(app: &App) -> Result<u64, sqlx::Error> {
    let mut recovered = 0;
    for departed in app.db.dead_at_start().await? {
        recovered += take_over(app, departed).await?;
    }
    Ok(recovered)
}

/// Looks for servers that died while this one runs, until the pipeline stops.
pub(in crate::pipeline) async fn run(pipeline: Pipeline) {
    let app = &pipeline.app;
    let mut watch = Watch::default();
    while tokio::time::timeout(LOOK_EVERY, pipeline.stop.cancelled())
        .await
        .is_err()
    {
        if let Err(error) = look(app, &mut watch).await {
            app.db.report(&error, "cannot look for servers that died");
        }
    }
}

async fn look(app: &App, watch: &mut Watch) -> Result<(), sqlx::Error> {
    for departed in watch.look(&app.db).await? {
        let pieces = take_over(app, departed).await?;
        if pieces > 0 {
            tracing::info!(
                node = departed.number,
                pieces,
                "took over what another server left unfinished"
            );
            app.wake.notify_one();
            app.review_wake.notify_one();
        }
    }
    Ok(())
}

async fn take_over(app: &App, departed: Departed) -> Result<u64, sqlx::Error> {
    let mut transaction = app.db.begin().await?;
    if !departed.bury(&app.db, &mut transaction).await? {
        return Ok(0);
    }
    let pieces = orphans::release(app, &mut transaction, departed.number).await?;
    transaction.commit().await?;
    Ok(pieces)
}
