//! Group commit. Whoever has rows to write hands them to one committer; it commits all that waits
//! in one transaction and then answers each. One flush to disk serves many requests: that is what
//! makes a durable answer cheap.

use super::{
    accept::{self, Acceptance, Accepted},
    postgres,
    settle::Settlement,
    sqlite,
};
use crate::{
    app::App,
    pipeline::{
        dispatch::{Dispatcher, Slot, WeakDispatcher},
        message::Lease,
    },
    system::Running,
};
use push_notify_db::{Dialect, Fault};
use std::{sync::Arc, thread};
use tokio::{
    runtime::Handle,
    sync::{Mutex, mpsc, oneshot},
    task::JoinSet,
    time::Instant,
};

/// Rows of one transaction. More adds latency and saves nothing.
const BATCH: usize = 256;
/// Requests that may wait; beyond it `accept` refuses.
const WAITING: usize = 4096;
/// PostgreSQL flushes one transaction while it takes in the next.
const POSTGRES_IN_FLIGHT: usize = 2;

#[derive(Clone)]
pub(in crate::pipeline) struct Committer(mpsc::Sender<Request>);

pub(in crate::pipeline) type Requests = mpsc::Receiver<Request>;

pub(in crate::pipeline) enum Request {
    Accept(
        Box<Accepted>,
        oneshot::Sender<Result<Acceptance, CommitError>>,
    ),
    /// All of them or none.
    Settle(Vec<Settlement>, Settled),
}

type Settled = oneshot::Sender<Result<(), CommitError>>;

#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    #[error("too much waits to be written")]
    Full,
    #[error("the server is stopping")]
    Stopped,
    #[error("database: {0}")]
    Database(Arc<sqlx::Error>),
}

impl Committer {
    pub(in crate::pipeline) fn new() -> (Self, Requests) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
    }

    /// Returns when the event and its pushes are on disk. Fails at once when too much waits.
    pub(in crate::pipeline) async fn accept(
        &self,
        accepted: Accepted,
    ) -> Result<Acceptance, CommitError> {
        let (answer, answered) = oneshot::channel();
        self.0
            .try_send(Request::Accept(Box::new(accepted), answer))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => CommitError::Full,
                mpsc::error::TrySendError::Closed(_) => CommitError::Stopped,
            })?;
        answered.await.map_err(|_| CommitError::Stopped)?
    }

    /// Returns when the outcomes are on disk, which they are in one transaction. Waits its turn.
    pub(in crate::pipeline) async fn settle(
        &self,
        settlements: Vec<Settlement>,
    ) -> Result<(), CommitError> {
        let (answer, answered) = oneshot::channel();
        self.0
            .send(Request::Settle(settlements, answer))
            .await
            .map_err(|_| CommitError::Stopped)?;
        answered.await.map_err(|_| CommitError::Stopped)?
    }
}

/// Runs until every [`Committer`] is gone.
pub(in crate::pipeline) async fn run(
    app: App,
    dispatcher: Dispatcher,
    requests: Requests,
    _running: Running,
) {
    // The dispatcher's workers hold committers: a strong handle here would keep all of them alive
    // for ever.
    let dispatcher = dispatcher.downgrade();
    let requests = Arc::new(Mutex::new(requests));
    match app.db.dialect() {
        Dialect::Sqlite => {
            let writer = Writer::Sqlite(sqlite::Writer::new(app.db.clone()));
            let work = work(app, dispatcher, requests, writer);
            let runtime = Handle::current();
            let (ended, end) = oneshot::channel();
            // It blocks: while a transaction is written there is nothing else to do for it.
            let committer = thread::Builder::new()
                .name("committer".to_owned())
                .spawn(move || {
                    runtime.block_on(work);
                    ended.send(()).ok();
                });
            match committer {
                Ok(_) => end.await.unwrap_or_default(),
                Err(error) => {
                    tracing::error!(%error, "nothing can be stored: there is no thread for the committer")
                }
            }
        }
        Dialect::Postgres => {
            let worker = || {
                let writer = Writer::Postgres(postgres::Writer::new(app.db.clone()));
                work(app.clone(), dispatcher.clone(), requests.clone(), writer)
            };
            let mut workers = JoinSet::new();
            for _ in 0..POSTGRES_IN_FLIGHT {
                workers.spawn(worker());
            }
            while let Some(ended) = workers.join_next().await {
                // A panic costs its batch and no more.
                if let Err(error) = ended {
                    tracing::error!(%error, "a transaction was lost");
                    workers.spawn(worker());
                }
            }
        }
    }
}

/// One transaction at a time. What arrives meanwhile makes the next batch.
async fn work(
    app: App,
    dispatcher: WeakDispatcher,
    requests: Arc<Mutex<Requests>>,
    mut writer: Writer,
) {
    loop {
        let mut waiting = Vec::with_capacity(BATCH);
        if requests.lock().await.recv_many(&mut waiting, BATCH).await == 0 {
            return;
        }
        let Some(dispatcher) = dispatcher.upgrade() else {
            return;
        };
        Batch::of(waiting)
            .write(&app, &dispatcher, &mut writer)
            .await;
    }
}

enum Writer {
    Sqlite(sqlite::Writer),
    Postgres(postgres::Writer),
}

#[derive(Default)]
struct Batch {
    accepts: Vec<(Accepted, oneshot::Sender<Result<Acceptance, CommitError>>)>,
    settles: Vec<(Vec<Settlement>, Settled)>,
}

impl Batch {
    fn of(requests: Vec<Request>) -> Self {
        let mut batch = Self::default();
        for request in requests {
            match request {
                Request::Accept(accepted, answer) => batch.accepts.push((*accepted, answer)),
                Request::Settle(settlements, answer) => batch.settles.push((settlements, answer)),
            }
        }
        batch
    }

    async fn write(self, app: &App, dispatcher: &Dispatcher, writer: &mut Writer) {
        match self.try_write(app, dispatcher, writer).await {
            None => {}
            // A row that the database refuses must not take the others with it. If it refuses all,
            // asking for each makes it no better.
            Some((error @ sqlx::Error::Database(_), batch))
                if batch.len() > 1
                    && Fault::of(&error).is_none_or(|fault| fault == Fault::Conflict) =>
            {
                for single in batch.singles() {
                    if let Some((error, single)) = single.try_write(app, dispatcher, writer).await {
                        single.fail(app, error);
                    }
                }
            }
            Some((error, batch)) => batch.fail(app, error),
        }
    }

    /// Gives the batch back when nothing of it was written.
    async fn try_write(
        self,
        app: &App,
        dispatcher: &Dispatcher,
        writer: &mut Writer,
    ) -> Option<(sqlx::Error, Self)> {
        let lease_us = app.config.delivery.lease_seconds as i64 * 1_000_000;
        let lease = Lease::new(app.db.number().get(), app.clock.now_us() + lease_us);
        let slots = self
            .accepts
            .iter()
            .map(|(accepted, _)| match accepted.review {
                // Its pushes are not due yet.
                Some(_) => accepted.aims.iter().map(|_| None).collect(),
                None => dispatcher.reserve(&accepted.aims),
            })
            .collect::<Vec<_>>();
        let started = Instant::now();
        let acceptances = match self.transaction(app, writer, &slots, lease).await {
            Ok(acceptances) => acceptances,
            Err(error) => {
                app.metrics.commit_failures.inc();
                if slots.iter().flatten().any(Option::is_some) {
                    dispatcher.uncertain().add(lease);
                }
                return Some((error, self));
            }
        };
        app.metrics.committed(self.len(), started.elapsed());
        app.pulse.wrote(app.clock.now_us());
        app.db.outage().passed();
        app.db.written();
        // Whoever no longer waits for an answer has no use for it.
        for (_, answer) in self.settles {
            answer.send(Ok(())).ok();
        }
        for (((accepted, answer), slots), acceptance) in
            self.accepts.into_iter().zip(slots).zip(acceptances)
        {
            let fresh = !acceptance.duplicate && accepted.event.is_some();
            answer.send(Ok(acceptance.clone())).ok();
            if fresh && accepted.review.is_some() {
                app.reviews_due();
            } else if fresh {
                dispatcher.hand_over(accepted, &acceptance, slots, lease);
            }
        }
        None
    }

    async fn transaction(
        &self,
        app: &App,
        writer: &mut Writer,
        slots: &[Vec<Option<Slot>>],
        lease: Lease,
    ) -> Result<Vec<Acceptance>, sqlx::Error> {
        let accepts: Vec<&Accepted> = self.accepts.iter().map(|(accepted, _)| accepted).collect();
        let settles: Vec<&Settlement> = self.settles.iter().flat_map(|(all, _)| all).collect();
        let ids = accept::take_ids(app, &accepts).await?;
        match writer {
            Writer::Sqlite(writer) => writer.write(&accepts, slots, lease, ids, &settles),
            Writer::Postgres(writer) => {
                let written = writer.write(&accepts, slots, lease, ids, &settles);
                written.await
            }
        }
    }

    fn len(&self) -> usize {
        self.accepts.len() + self.settles.len()
    }

    fn singles(self) -> impl Iterator<Item = Self> {
        let accepts = self.accepts.into_iter().map(|accept| Self {
            accepts: vec![accept],
            settles: vec![],
        });
        let settles = self.settles.into_iter().map(|settle| Self {
            accepts: vec![],
            settles: vec![settle],
        });
        accepts.chain(settles)
    }

    fn fail(self, app: &App, error: sqlx::Error) {
        app.db.report(&error, "cannot commit");
        app.pulse.write_failed();
        let error = CommitError::Database(Arc::new(error));
        for (_, answer) in self.accepts {
            answer.send(Err(error.clone())).ok();
        }
        for (_, answer) in self.settles {
            answer.send(Err(error.clone())).ok();
        }
    }
}
