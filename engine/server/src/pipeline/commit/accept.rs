use super::plan::{Made, Plan};
use super::review::NewReview;
use crate::{
    app::App,
    event::Untold,
    pipeline::{dispatch::DispatchTarget, message::Lease},
    push::NewPush,
    storage::PUSH_BYTES,
    subject::{Known, Row, Said},
};
use push_notify_core::id::{EventId, PushId, RepoId, SubjectId};
use push_notify_host::{Effect, Event};
use sqlx::AnyConnection;

/// An authenticated delivery, ready to be stored with a push for each target. Without an event it
/// is parked.
pub(crate) struct Accepted {
    pub repo_id: RepoId,
    pub repo_name: String,
    pub repo_url: String,
    pub uid: String,
    pub delivery_key: String,
    pub delivery_id: Option<String>,
    pub effect: Option<Effect>,
    /// Why it is parked.
    pub reason: Option<String>,
    /// When a parked one is tried again by itself.
    pub retry_at: Option<i64>,
    /// What a parked one is judged by, encrypted.
    pub parked_settings: Option<String>,
    pub event: Option<Event>,
    /// `event` as stored.
    pub packed_event: Option<Vec<u8>>,
    pub sealed_headers: String,
    pub packed_body: Vec<u8>,
    /// What it says of what it is about.
    pub subject: Option<Said>,
    /// Why it is told to nobody, if that is known before it is stored.
    pub untold: Option<Untold>,
    pub scene: &'static str,
    pub commit_id: String,
    pub commit_msg: String,
    pub aims: Vec<DispatchTarget>,
    /// What rules say of the aims. None: there are no rules.
    pub plan: Option<Plan>,
    /// The pushes wait for it.
    pub review: Option<NewReview>,
    pub received_at: i64,
    /// The trace that it is a part of.
    pub traceparent: Option<String>,
}

/// Where the delivery is stored: just now, or when it came the first time.
#[derive(Debug, Clone)]
pub(crate) struct Acceptance {
    pub event_id: EventId,
    pub push_ids: Vec<PushId>,
    /// Of each of them, unless it is a duplicate.
    pub made: Vec<Made>,
    pub duplicate: bool,
}

impl Accepted {
    /// What the event and its pushes take up in the database, before they have a message.
    pub(crate) fn size(&self) -> usize {
        let event = self.packed_event.as_ref().map_or(0, Vec::len);
        let pushes = self.aims.len() * PUSH_BYTES;
        self.sealed_headers.len() + self.packed_body.len() + event + pushes
    }

    /// Its push for a target, leased if there is a lease.
    pub(in crate::pipeline) fn push<'a>(
        &'a self,
        id: PushId,
        event_id: EventId,
        aim: &DispatchTarget,
        choice: Option<&'a str>,
        lease: Option<Lease>,
    ) -> NewPush<'a> {
        NewPush {
            id,
            event_id,
            repo_id: self.repo_id,
            target_id: aim.target_id,
            scene: self.scene,
            commit_id: &self.commit_id,
            commit_msg: &self.commit_msg,
            run_at: lease.map_or_else(|| self.due_at(), |lease| lease.until),
            choice,
            lease: lease.map(|lease| lease.token),
            now: self.received_at,
        }
    }

    /// What the event writes of its subject.
    pub(in crate::pipeline) fn subject_row(&self, event_id: EventId) -> Option<Row<'_>> {
        let said = self.subject.as_ref()?;
        Some(Row {
            id: SubjectId::of(event_id),
            repo_id: self.repo_id,
            said,
            count: 1,
            first_at: self.received_at,
            last_at: self.received_at,
            marked_at: said.edge.mark().map(|_| self.received_at),
        })
    }

    /// Why it is told to nobody, after what was known of its subject.
    pub(in crate::pipeline) fn untold_after(&self, known: &Known) -> Option<Untold> {
        let is_told = |said: &Said| said.edge.is_told(known, self.received_at);
        match &self.subject {
            Some(said) if self.untold.is_none() && !is_told(said) => Some(Untold::Unchanged),
            _ => self.untold,
        }
    }

    /// When its pushes are due.
    fn due_at(&self) -> i64 {
        let review = self.review.as_ref();
        review.map_or(self.received_at, |review| review.due_by)
    }
}

/// Deliveries with one effect from different sources are one event within this time.
pub(super) const TWIN_WINDOW_US: i64 = 600_000_000;
/// Of a repository, an effect, since a time, from another source. The sign keeps both databases
/// from walking through all events of the repository for the order's sake.
pub(super) const TWIN: &str =
    "SELECT id FROM events WHERE repo_id = $1 AND effect_key = $2 AND received_at > $3
     AND effect_source <> $4 ORDER BY +id DESC LIMIT 1";

pub(super) struct Ids {
    pub events: Vec<EventId>,
    pub pushes: Vec<PushId>,
}

pub(super) async fn take_ids(app: &App, accepts: &[&Accepted]) -> Result<Ids, sqlx::Error> {
    let pushes = accepts.iter().map(|accepted| accepted.aims.len()).sum();
    Ok(Ids {
        events: app.db.take_ids(accepts.len()).await?,
        pushes: app.db.take_ids(pushes).await?,
    })
}

/// The event that stood for this effect when the delivery came, which was some time ago.
pub(crate) async fn find_equivalent_then(
    connection: &mut AnyConnection,
    accepted: &Accepted,
    effect: &Effect,
) -> Result<Option<EventId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM events WHERE repo_id = $1 AND effect_key = $2 AND received_at > $3 AND received_at < $4
            AND effect_source <> $5 ORDER BY id DESC LIMIT 1",
    )
    .bind(accepted.repo_id)
    .bind(&effect.key)
    .bind(accepted.received_at - TWIN_WINDOW_US)
    .bind(accepted.received_at + TWIN_WINDOW_US)
    .bind(&effect.source)
    .fetch_optional(connection)
    .await
}
