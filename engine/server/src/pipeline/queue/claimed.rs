//! What becomes of a push that was claimed.

use super::claim::Claimed;
use crate::{
    pipeline::{
        commit::{Change, Settlement},
        dispatch::DispatchTarget,
        message::{Content, Job, Notification},
    },
    push::{Outcome, PushState},
};
use push_notify_template::Rendered;
use std::sync::Arc;

impl Claimed {
    pub(in crate::pipeline) fn into_job(
        self,
        aim: DispatchTarget,
        notification: Arc<Notification>,
    ) -> Job {
        let text = self.title.zip(self.body);
        Job {
            push_id: self.push_id,
            aim,
            choice: self.choice.map(Arc::new),
            scene: self.scene,
            attempt: self.attempt,
            lease: self.lease,
            notification,
            content: text.map(|(title, body)| Content {
                template_id: self.template_id,
                rendered: Arc::new(Rendered { title, body }),
            }),
            recipients: self.recipients,
            most_attempts: self.most_attempts,
            due_at: self.due_at,
            digest: None,
        }
    }

    /// Ends the push without a send.
    pub(super) fn end(&self, now: i64, state: PushState, reason: &str) -> Settlement {
        Settlement {
            push_id: self.push_id,
            lease: self.lease,
            carried_by: None,
            change: Change::Attempted {
                attempt: self.attempt,
                outcome: Outcome::Cancelled,
                detail: Some(reason.to_owned()),
                started_at: now,
                duration_us: 0,
                state,
                run_at: now,
                content: None,
                recipients: self.recipients.clone(),
            },
            health: None,
            card: None,
        }
    }

    pub(in crate::pipeline) fn defer(&self, run_at: i64) -> Settlement {
        Settlement {
            push_id: self.push_id,
            lease: self.lease,
            carried_by: None,
            change: Change::Deferred {
                attempts: self.attempt - 1,
                run_at,
            },
            health: None,
            card: None,
        }
    }
}
