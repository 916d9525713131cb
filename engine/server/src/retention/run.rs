//! Goes through the events from the oldest on, in transactions so small that nobody waits for them.

use super::{
    pace::{MOST, Pace},
    store::{self, Candidate},
};
use crate::{app::App, rule, storage, subject};
use push_notify_core::{
    clock::{DAY_US, Micros},
    config,
    id::{EventId, RepoId},
};
use push_notify_db::Duty;
use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// A server that starts has better things to do.
const FIRST: Duration = Duration::from_secs(300);
const EVERY: Duration = Duration::from_secs(3600);
const RECOUNT_EVERY: Duration = Duration::from_secs(86_400);
/// Rows that are read at once.
const READ: usize = 1000;
/// How far bodies are dropped.
const BODIES: &str = "bodies";

/// What a pass removed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    pub events: u64,
    pub pushes: u64,
    pub bodies: u64,
    /// Deliveries that waited for their parser for too long.
    pub parked: u64,
    /// What no event is about any more.
    pub subjects: u64,
    /// Sessions and links in mails.
    pub over: u64,
}

/// Runs until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    let mut pause = FIRST;
    let mut recounted: Option<Instant> = None;
    while timeout(pause, stop.cancelled()).await.is_err() {
        match stop.run_until_cancelled(prune(&app)).await {
            Some(Ok(_)) | None => {}
            Some(Err(error)) => tracing::warn!(%error, "cannot remove what is old"),
        }
        // What a server that died did not write down is found, at its next start at the latest.
        if recounted.is_none_or(|last| last.elapsed() >= RECOUNT_EVERY) {
            recounted = Some(Instant::now());
            match stop.run_until_cancelled(recount(&app)).await {
                Some(Ok(())) | None => {}
                Some(Err(error)) => tracing::warn!(%error, "cannot count what is stored"),
            }
        }
        pause = EVERY;
    }
}

/// Removes all that is too old now. Of several servers one does it: on the others, meanwhile, this
/// does nothing.
pub async fn prune(app: &App) -> Result<Removed, sqlx::Error> {
    let Some(_duty) = app.db.take_duty(Duty::Retention).await? else {
        return Ok(Removed::default());
    };
    let started = Instant::now();
    let mut pass = Pass {
        app,
        pace: Pace::default(),
        removed: Removed::default(),
    };
    pass.events().await?;
    pass.bodies().await?;
    pass.parked().await?;
    pass.subjects().await?;
    pass.over().await?;
    let removed = pass.removed;
    if removed != Removed::default() {
        tracing::info!(
            events = removed.events,
            pushes = removed.pushes,
            bodies = removed.bodies,
            parked = removed.parked,
            subjects = removed.subjects,
            sessions = removed.over,
            duration_ms = started.elapsed().as_millis() as u64,
            "removed what is older than `retention` keeps"
        );
    }
    Ok(removed)
}

struct Pass<'a> {
    app: &'a App,
    pace: Pace,
    removed: Removed,
}

/// Before which times events go. None: never.
struct Cuts {
    delivered: Option<Micros>,
    failed: Option<Micros>,
}

impl Cuts {
    fn new(settings: &config::Retention, now: Micros) -> Self {
        Self {
            delivered: cut(settings.keep_days, now),
            failed: cut(settings.keep_failed_days, now),
        }
    }

    fn is_over(&self, event: &Candidate) -> bool {
        let cut = match event.failed {
            0 => self.delivered,
            _ => self.failed,
        };
        !event.waits && cut.is_some_and(|cut| event.received_at.max(event.pushed_at) < cut)
    }
}

/// Takes events with at most `most` rows from the front. One with more is taken alone.
fn some(over: &mut VecDeque<(EventId, usize)>, most: usize) -> Vec<EventId> {
    let (mut events, mut rows) = (Vec::new(), 0);
    while let Some((event, more)) = over.front().copied()
        && (events.is_empty() || rows + more <= most)
    {
        events.push(event);
        rows += more;
        over.pop_front();
    }
    events
}

fn cut(days: u32, now: Micros) -> Option<Micros> {
    (days > 0).then(|| now - i64::from(days) * DAY_US)
}

impl Pass<'_> {
    async fn events(&mut self) -> Result<(), sqlx::Error> {
        let cuts = Cuts::new(&self.app.config.retention, self.app.clock.now_us());
        let Some(youngest) = cuts.delivered.max(cuts.failed) else {
            return Ok(());
        };
        let mut mark = EventId::default();
        loop {
            let found = store::candidates(self.app.db.read(), mark, READ).await?;
            let (Some(last), true) = (
                found.last(),
                // Ids ascend with time, but for nodes that take them in blocks.
                found.iter().any(|event| event.received_at < youngest),
            ) else {
                return Ok(());
            };
            mark = last.id;
            let mut over: VecDeque<(EventId, usize)> = found
                .iter()
                .filter(|event| cuts.is_over(event))
                .map(|event| (event.id, 1 + event.pushes as usize))
                .collect();
            while !over.is_empty() {
                let events = some(&mut over, self.pace.rows());
                self.remove(&events).await?;
            }
        }
    }

    async fn remove(&mut self, events: &[EventId]) -> Result<(), sqlx::Error> {
        let dialect = self.app.db.dialect();
        let mut transaction = self.app.db.begin().await?;
        let started = Instant::now();
        let gone = store::remove(&mut transaction, dialect, events).await?;
        transaction.commit().await?;
        self.removed.events += gone.events;
        self.removed.pushes += gone.pushes;
        self.free(&gone.bytes);
        self.rest(started).await;
        Ok(())
    }

    async fn bodies(&mut self) -> Result<(), sqlx::Error> {
        let days = self.app.config.retention.keep_body_days;
        let Some(before) = cut(days, self.app.clock.now_us()) else {
            return Ok(());
        };
        let mut mark = store::mark(self.app.db.read(), BODIES).await?;
        loop {
            let rows = self.pace.rows();
            let events = store::older(self.app.db.read(), mark, before, rows).await?;
            let Some(last) = events.last() else {
                return Ok(());
            };
            mark = *last;
            let mut transaction = self.app.db.begin().await?;
            let started = Instant::now();
            let (bodies, bytes) = store::drop_bodies(&mut transaction, &events).await?;
            store::set_mark(&mut transaction, BODIES, mark).await?;
            transaction.commit().await?;
            self.removed.bodies += bodies;
            self.free(&bytes);
            self.rest(started).await;
        }
    }

    /// What waits for a parser ends some day: nobody else would end it.
    async fn parked(&mut self) -> Result<(), sqlx::Error> {
        let days = self.app.config.retention.keep_parked_days;
        let now = self.app.clock.now_us();
        let Some(before) = cut(days, now) else {
            return Ok(());
        };
        let reason =
            format!("its parser was out of order for {days} days (`retention.keep_parked_days`)");
        loop {
            let mut transaction = self.app.db.begin().await?;
            let started = Instant::now();
            let (ended, bytes) =
                store::end_parked(&mut transaction, before, now, &reason, self.pace.rows()).await?;
            transaction.commit().await?;
            if ended == 0 {
                return Ok(());
            }
            tracing::warn!(
                events = ended,
                days,
                "discarded parked deliveries that nobody could read"
            );
            self.removed.parked += ended;
            self.free(&bytes);
            self.rest(started).await;
        }
    }

    /// Of repositories.
    fn free(&self, bytes: &HashMap<RepoId, i64>) {
        for (repo_id, bytes) in bytes {
            self.app.storage.add(*repo_id, -bytes);
        }
    }

    /// As long as events are kept, or one of its own is. With them goes how they stood to rules.
    async fn subjects(&mut self) -> Result<(), sqlx::Error> {
        let cuts = Cuts::new(&self.app.config.retention, self.app.clock.now_us());
        let (Some(delivered), Some(failed)) = (cuts.delivered, cuts.failed) else {
            return Ok(());
        };
        loop {
            let mut transaction = self.app.db.begin().await?;
            let started = Instant::now();
            let before = delivered.min(failed);
            let removed =
                subject::store::remove_over(&mut transaction, before, self.pace.rows()).await?;
            let edges =
                rule::store::edge::remove_old(&mut transaction, before, self.pace.rows()).await?;
            transaction.commit().await?;
            self.removed.subjects += removed;
            if removed + edges == 0 {
                return Ok(());
            }
            self.rest(started).await;
        }
    }

    async fn over(&mut self) -> Result<(), sqlx::Error> {
        let now = self.app.clock.now_us();
        loop {
            let mut transaction = self.app.db.begin().await?;
            let started = Instant::now();
            let removed = store::remove_over(&mut transaction, now, MOST).await?;
            transaction.commit().await?;
            self.removed.over += removed;
            if removed == 0 {
                return Ok(());
            }
            self.rest(started).await;
        }
    }

    /// Others write now.
    async fn rest(&mut self, started: Instant) {
        sleep(self.pace.pause_after(started.elapsed())).await;
    }
}

/// Of several servers one does it.
async fn recount(app: &App) -> Result<(), sqlx::Error> {
    match app.db.take_duty(Duty::Retention).await? {
        Some(_duty) => storage::recount(app).await,
        None => Ok(()),
    }
}
