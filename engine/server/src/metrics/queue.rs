//! What the database and Redis are asked for a page. Kept for some seconds: several scrapers, or an
//! impatient one, cost no more.

use super::{store, types::between};
use crate::{
    app::App,
    event,
    push::{self, Stats, Status},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

const FRESH: Duration = Duration::from_secs(5);
const QUERY_TIMEOUT: Duration = Duration::from_secs(3);

/// What was found last.
#[derive(Clone, Default)]
pub struct Looked(Arc<Mutex<Option<(Instant, Found)>>>);

#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// None: the database did not answer.
    pub queue: Option<Queue>,
    /// None: there is no Redis.
    pub redis: Option<bool>,
}

#[derive(Debug, Clone)]
pub(super) struct Queue {
    pub pushes: Stats,
    pub due: i64,
    pub leased: i64,
    pub parked_pushes: i64,
    pub parked_events: i64,
    pub parked_bytes: i64,
    pub open_reviews: i64,
    /// For how long the push that is most overdue has been due.
    pub oldest: Duration,
}

impl Looked {
    pub(super) async fn look(&self, app: &App) -> Found {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = &*last
            && at.elapsed() < FRESH
        {
            return found.clone();
        }
        let queue = tokio::time::timeout(QUERY_TIMEOUT, queue(app)).await;
        let found = Found {
            queue: queue.ok().and_then(Result::ok),
            redis: app.shared.answers().await,
        };
        *last = Some((Instant::now(), found.clone()));
        found
    }
}

async fn queue(app: &App) -> Result<Queue, sqlx::Error> {
    let pool = app.db.read();
    let now = app.clock.now_us();
    let lease_us = app.config.delivery.lease_seconds as i64 * 1_000_000;
    let oldest = push::store::oldest_due(pool).await?;
    Ok(Queue {
        pushes: push::store::stats_of_all(pool).await?,
        due: store::due(pool, now).await?,
        leased: store::leased(pool, now, lease_us).await?,
        parked_pushes: store::parked_pushes(pool).await?,
        parked_events: store::parked_events(pool).await?,
        parked_bytes: event::store::parked_bytes(pool).await?,
        open_reviews: store::open_reviews(pool).await?,
        oldest: oldest.map_or(Duration::ZERO, |due| between(due, now)),
    })
}

impl Queue {
    /// Pushes that are neither due nor held nor parked: retries, and those that wait for a review
    /// or for the end of quiet hours.
    pub(super) fn waiting(&self) -> i64 {
        (self.pushes.of(Status::Pending) - self.due - self.leased - self.parked_pushes).max(0)
    }
}
