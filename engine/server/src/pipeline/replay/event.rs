//! An event that was accepted goes down the road once more, from the delivery as it is stored:
//! through the provider plugin, the prompt and the templates of today. What the event was and what
//! came of it stays; what it is now belongs to the replay
//! (`engine/docs/adr/0015-a-replay-keeps-the-record.md`).

use super::store;
use crate::{
    auth::CurrentUser,
    event::EventState,
    log::operation::AuditEntry,
    pipeline::{Pipeline, cache::Route, ingest::receive::REVIEW_SCENE, store as rows},
    replay::{ReplayState, store::New},
};
use push_notify_core::{
    clock::Micros,
    id::{EventId, PushId, ReplayId, TargetId},
};
use push_notify_host::{Event, Settings, Webhook};

/// How an event is to be replayed.
#[derive(Debug, Clone, Default)]
pub struct ReplayRequest {
    /// None: all that get what the repository sends.
    pub target_ids: Option<Vec<TargetId>>,
    /// With the prompt of today.
    pub review: bool,
}

/// What a replay made.
#[derive(Debug)]
pub struct Made {
    pub replay_id: ReplayId,
    pub push_ids: Vec<PushId>,
}

/// Why an event is not replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("there is no such event")]
    Unknown,
    #[error("the delivery was never accepted")]
    Discarded,
    #[error("the delivery is no longer kept as it came")]
    BodyGone,
    #[error("the repository is deleted")]
    RepoGone,
    #[error("the plugin takes the stored delivery no longer: {0}")]
    Refused(String),
    #[error("{0}")]
    Uninteresting(String),
    #[error("{0}")]
    OutOfOrder(String),
    /// These do not get what the repository sends.
    #[error("no targets of the repository: {0:?}")]
    NotTargets(Vec<TargetId>),
    #[error("the repository has no target")]
    NoTarget,
    #[error("the repository wants no review of such an event")]
    NoReview,
    #[error("pushes of this event have not ended yet")]
    Busy,
    #[error("the review of this event has not ended yet")]
    ReviewBusy,
    #[error(transparent)]
    Store(#[from] rows::Error),
}

impl From<sqlx::Error> for ReplayError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// An event as it is stored.
pub(super) struct Stored {
    pub(super) uid: String,
    pub(super) state: EventState,
    pub(super) received_at: Micros,
    pub(super) webhook: Webhook,
    /// None: it is parked.
    pub(super) event: Option<Event>,
    /// What a parked one is judged by.
    pub(super) parked_settings: Option<Settings>,
    pub(super) has_review: bool,
    /// Among the events of its delivery.
    pub(super) place: usize,
}

impl Pipeline {
    /// Sends an event that was accepted once more. Its pushes belong to the replay, and to the
    /// first ones as retries do.
    pub async fn reprocess(
        &self,
        event_id: EventId,
        wish: &ReplayRequest,
        user: &CurrentUser,
    ) -> Result<Made, ReplayError> {
        let (route, stored) = self.stored(event_id).await?;
        let delivery = self.read_again(&route, &stored).await?;
        let accepted = self.accepted(&route, delivery, &stored.webhook).await?;
        let heard = accepted.aims.iter().map(|aim| aim.target_id).collect();
        let target_ids = chosen(&route, heard, wish)?;
        let review = match wish.review {
            true => Some(accepted.review.as_ref().ok_or(ReplayError::NoReview)?),
            false => None,
        };
        let count = target_ids.len();
        let push_ids = self.app.db.take_ids(count).await?;
        let now = self.app.clock.now_us();
        let mut transaction = self.app.db.begin().await?;
        store::lock(&self.app, &mut transaction, event_id).await?;
        if store::is_busy(&mut transaction, event_id, &target_ids).await? {
            return Err(ReplayError::Busy);
        }
        let earlier_review = match review {
            Some(_) => store::review_of(&mut transaction, event_id).await?,
            None => None,
        };
        let new = New {
            kind: "event",
            state: ReplayState::Completed,
            selection: words_of(wish),
            event_id: Some(event_id),
            packed_event: accepted.packed_event.clone(),
            earlier_review: earlier_review.map(|review| review.to_string()),
            matched: count as i64,
            replayed: count as i64,
            username: user.username.clone(),
            now,
        };
        let replay_id = crate::replay::store::insert(&mut transaction, &new).await?;
        if let Some(review) = review
            && !store::review_again(
                &mut transaction,
                &self.app,
                (event_id, replay_id),
                &accepted,
                review,
                now,
            )
            .await?
        {
            return Err(ReplayError::ReviewBusy);
        }
        let pushes = store::Pushes {
            event_id,
            replay_id,
            accepted: &accepted,
            scene: match stored.has_review || review.is_some() {
                true => REVIEW_SCENE,
                false => accepted.scene,
            },
            due_at: review.map_or(now, |review| review.due_by),
            now,
        };
        for (push_id, target_id) in push_ids.iter().zip(&target_ids) {
            let plan = accepted.plan.as_ref();
            let choice = plan.and_then(|plan| plan.choice_for(*target_id));
            let choice = choice.map(|choice| choice.to_stored());
            pushes
                .insert(&mut transaction, *push_id, *target_id, choice.as_deref())
                .await?;
        }
        let audit = AuditEntry::new("event.replay", event_id, &accepted.commit_msg);
        user.record(&self.app, &mut transaction, audit.with("processing"))
            .await?;
        transaction.commit().await?;
        self.app.review_wake.notify_one();
        self.app.wake.notify_one();
        Ok(Made {
            replay_id,
            push_ids,
        })
    }

    /// The repository of an event, and the event.
    pub(super) async fn stored(&self, event_id: EventId) -> Result<(Route, Stored), ReplayError> {
        let (repo_id, row) = store::event(self, event_id)
            .await?
            .ok_or(ReplayError::Unknown)?;
        if row.state == EventState::Discarded {
            return Err(ReplayError::Discarded);
        }
        let route = rows::route_of_repo(&self.app, repo_id).await?;
        Ok((route.ok_or(ReplayError::RepoGone)?, row))
    }
}

/// The targets that the event would be sent to.
/// Those that `heard` of it, by the rules and links of now. What is linked may be named also where
/// no rule sends it there.
pub(super) fn chosen(
    route: &Route,
    heard: Vec<TargetId>,
    wish: &ReplayRequest,
) -> Result<Vec<TargetId>, ReplayError> {
    let Some(wanted) = &wish.target_ids else {
        return match heard.is_empty() {
            true => Err(ReplayError::NoTarget),
            false => Ok(heard),
        };
    };
    let mut known = heard;
    known.extend(&route.targets);
    let others: Vec<TargetId> = wanted
        .iter()
        .filter(|id| !known.contains(id))
        .copied()
        .collect();
    match others.is_empty() {
        true => Ok(wanted.clone()),
        false => Err(ReplayError::NotTargets(others)),
    }
}

/// For the record.
fn words_of(wish: &ReplayRequest) -> String {
    let mut words = serde_json::json!({ "review": wish.review });
    if let Some(ids) = &wish.target_ids {
        words["target_ids"] = ids.as_slice().into();
    }
    words.to_string()
}
