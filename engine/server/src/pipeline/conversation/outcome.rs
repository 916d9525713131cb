//! What becomes of a card, and of each push that its message carries.

use super::talk::{Talk, Told};
use crate::{
    pipeline::{
        commit::{CardChange, Change, Settlement},
        message::Job,
    },
    push::{Outcome, PushState},
};
use push_notify_core::{clock::Micros, id::PushId};
use std::iter::once;

impl Talk {
    /// `change` is what the attempt came to for the push whose event was told; the others go with
    /// it. `most` are the attempts that a push has.
    pub(in crate::pipeline) fn settlements(
        &self,
        own: &Job,
        told: Option<Told>,
        change: &Change,
        most: i64,
        now: Micros,
    ) -> Vec<Settlement> {
        let lead = self.lead(own);
        let carrier = self.outdone_by(lead).filter(|_| told.is_none());
        let carrier = carrier.unwrap_or(lead.push_id);
        let is_sent = matches!(change, Change::Attempted { state, .. } if state.is_sent());
        let carried_by =
            (is_sent && (carrier != lead.push_id || !self.others.is_empty())).then_some(carrier);
        let mut card = told.map(|told| Box::new(self.card_change(own, told, now)));
        let settlement = |job: &Job| {
            let is_lead = job.push_id == lead.push_id;
            Settlement {
                push_id: job.push_id,
                lease: job.lease,
                carried_by,
                change: match is_lead {
                    true => change.clone(),
                    false => of_other(job, change, carrier, most, now),
                },
                health: None,
                card: match is_lead {
                    true => card.take(),
                    false => None,
                },
            }
        };
        once(own).chain(&self.others).map(settlement).collect()
    }

    fn card_change(&self, own: &Job, told: Told, now: Micros) -> CardChange {
        let lead = self.lead(own);
        CardChange {
            key: self.key.clone(),
            lease: own.lease.token,
            handle: told.handle,
            push_id: match self.card.push_id {
                Some(push_id) if !told.is_new => push_id,
                _ => lead.push_id,
            },
            shown_by: lead.push_id,
            shown_at: lead.notification.as_of(),
            now,
            gone: told.gone,
        }
    }
}

/// What is refused for what it says need not be the others' fault: each of them has its turn.
fn of_other(job: &Job, change: &Change, carrier: PushId, most: i64, now: Micros) -> Change {
    let back = Change::Deferred {
        attempts: job.attempt - 1,
        run_at: now,
    };
    match change {
        Change::Deferred { .. } => back,
        Change::Parked { reason, run_at, .. } => Change::Parked {
            attempts: job.attempt - 1,
            reason: reason.clone(),
            run_at: *run_at,
            content: None,
            recipients: None,
        },
        Change::Attempted {
            outcome,
            detail,
            started_at,
            duration_us,
            state,
            run_at,
            ..
        } => {
            let (outcome, state, detail) = match (outcome, state) {
                (_, state) if state.is_sent() => (
                    Outcome::Delivered,
                    PushState::Delivered,
                    format!("the message of push {carrier} shows what came of it"),
                ),
                (Outcome::Retry, _) => (
                    Outcome::Retry,
                    match job.attempt >= most {
                        true => PushState::Failed,
                        false => PushState::Pending,
                    },
                    match detail {
                        Some(detail) => format!("in the message of push {carrier}: {detail}"),
                        None => format!("in the message of push {carrier}"),
                    },
                ),
                _ => return back,
            };
            Change::Attempted {
                attempt: job.attempt,
                outcome,
                detail: Some(detail),
                started_at: *started_at,
                duration_us: *duration_us,
                state,
                run_at: *run_at,
                content: None,
                recipients: None,
            }
        }
    }
}
