use super::card::CardChange;
use crate::{
    pipeline::message::{Content, Lease, Recipients},
    push::{Outcome, PushState},
    target::health::Health,
};
use push_notify_core::id::{PushId, TargetId};

/// What a worker leaves behind of a push that it held. Written only while the row has its lease.
#[derive(Clone)]
pub(crate) struct Settlement {
    pub push_id: PushId,
    pub lease: Lease,
    /// The push whose message carries it, from here on.
    pub carried_by: Option<PushId>,
    pub change: Change,
    /// What is new of a target's health.
    pub health: Option<Box<(TargetId, Health)>>,
    /// What its message made of its card.
    pub card: Option<Box<CardChange>>,
}

#[derive(Clone)]
pub(crate) enum Change {
    /// An attempt was made.
    Attempted {
        attempt: i64,
        outcome: Outcome,
        detail: Option<String>,
        started_at: i64,
        duration_us: i64,
        /// The push's state from here on.
        state: PushState,
        /// When it is due again, if it is pending.
        run_at: i64,
        content: Option<Content>,
        recipients: Option<Recipients>,
    },
    /// No attempt was made; it is due again then.
    Deferred { attempts: i64, run_at: i64 },
    /// No attempt was made, and none can be now.
    Parked {
        attempts: i64,
        reason: Option<String>,
        run_at: i64,
        content: Option<Content>,
        recipients: Option<Recipients>,
    },
}

/// A settlement as columns.
pub(super) struct Row<'a> {
    pub id: PushId,
    pub lease: i64,
    pub state: PushState,
    pub reason: Option<&'a str>,
    pub attempts: i64,
    pub run_at: i64,
    pub content: Option<&'a Content>,
    pub only_to: Option<String>,
    pub pushed_at: Option<i64>,
    pub kept: bool,
    pub carried_by: Option<PushId>,
}

impl<'a> Row<'a> {
    pub(super) fn of(settlement: &'a Settlement) -> Self {
        let blank = Self {
            id: settlement.push_id,
            lease: settlement.lease.token,
            state: PushState::Pending,
            reason: None,
            attempts: 0,
            run_at: 0,
            content: None,
            only_to: None,
            pushed_at: None,
            kept: true,
            carried_by: settlement.carried_by,
        };
        match &settlement.change {
            Change::Deferred { attempts, run_at } => Self {
                attempts: *attempts,
                run_at: *run_at,
                ..blank
            },
            Change::Parked {
                attempts,
                reason,
                run_at,
                content,
                recipients,
            } => Self {
                state: PushState::Parked,
                reason: reason.as_deref(),
                attempts: *attempts,
                run_at: *run_at,
                content: content.as_ref(),
                only_to: only_to(recipients),
                kept: false,
                ..blank
            },
            Change::Attempted {
                attempt,
                detail,
                started_at,
                duration_us,
                state,
                run_at,
                content,
                recipients,
                ..
            } => Self {
                state: *state,
                reason: detail.as_deref(),
                attempts: *attempt,
                run_at: *run_at,
                content: content.as_ref(),
                only_to: only_to(recipients),
                pushed_at: state.is_sent().then_some(started_at + duration_us),
                kept: false,
                ..blank
            },
        }
    }
}

fn only_to(recipients: &Option<Recipients>) -> Option<String> {
    let recipients = recipients.as_ref()?;
    serde_json::to_string(recipients).ok()
}
