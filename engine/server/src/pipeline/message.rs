//! What the stages hand to each other in memory.

use super::{
    commit::{Change, Settlement},
    digest::DigestJob,
    dispatch::DispatchTarget,
    reader::Reader,
};
use crate::rule::Choice;
use parking_lot::Mutex;
use push_notify_core::{
    clock::Micros,
    id::{PushId, RepoId, TemplateId},
    random,
};
use push_notify_db::NODES;
use push_notify_host::Event;
use push_notify_review::{Decision, Severity};
use push_notify_template::{Calls, Rendered};
use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// An event on its way to its targets.
pub(super) struct Notification {
    pub repo_id: RepoId,
    pub uid: String,
    pub event: Event,
    pub repo_name: String,
    pub repo_url: String,
    pub received_at: i64,
    /// The trace that it is a part of.
    pub traceparent: Option<String>,
    /// The event's review, when its repository wanted one.
    pub review: Option<Reviewed>,
    /// Rendered once for each template, reader, and people to call.
    pub rendered: Mutex<Vec<(Form, Arc<Rendered>)>>,
}

/// What a message is rendered by.
type Form = (TemplateId, Reader, Arc<Calls>);

impl Notification {
    /// When what it tells of was so: a review is younger than its event, and than what came while
    /// it was made.
    pub(super) fn as_of(&self) -> Micros {
        let reviewed = self.review.as_ref().and_then(|review| review.completed_at);
        reviewed.map_or(self.received_at, |at| at.max(self.received_at))
    }

    /// What all messages about the same thing have in common, for channels: it tells nothing else
    /// to who reads it there.
    pub(super) fn subject(&self) -> Option<String> {
        let subject = self.event.subject.as_deref()?;
        let digest = Sha256::digest(format!("{}\0{subject}", self.repo_id));
        Some(hex::encode(&digest[..16]))
    }
}

/// What a message can tell of a review.
#[derive(Debug, Clone)]
pub(super) struct Reviewed {
    /// In a few words.
    pub result: String,
    pub decision: Option<Decision>,
    pub score: Option<i64>,
    /// Of the worst issue.
    pub severity: Option<Severity>,
    pub summary: String,
    /// A line each.
    pub issues: Vec<String>,
    /// Sentences on what was not reviewed.
    pub left_out: Vec<String>,
    pub completed_at: Option<Micros>,
}

/// A push that this worker holds.
pub(super) struct Job {
    pub push_id: PushId,
    pub aim: DispatchTarget,
    /// What rules say of it.
    pub choice: Option<Arc<Choice>>,
    pub scene: String,
    /// From 1; this try included.
    pub attempt: i64,
    pub lease: Lease,
    pub notification: Arc<Notification>,
    /// What an earlier attempt rendered.
    pub content: Option<Content>,
    pub recipients: Option<Recipients>,
    /// Fewer tries than the configuration gives.
    pub most_attempts: Option<i64>,
    /// Since when it is due; it gets this back when it is put back.
    pub due_at: i64,
    /// The other pushes that its message carries.
    pub digest: Option<Box<DigestJob>>,
}

/// Proof of holding: settles only while the row still has this token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    pub token: i64,
    pub until: i64,
}

#[derive(Clone)]
pub(super) struct Content {
    pub template_id: Option<TemplateId>,
    pub rendered: Arc<Rendered>,
}

impl Content {
    /// What it takes up in the database.
    pub(super) fn bytes(&self) -> i64 {
        (self.rendered.title.len() + self.rendered.body.len()) as i64
    }
}

/// Who is still to be served when some have the message, and who will never take it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recipients {
    pub to: Vec<String>,
    #[serde(default)]
    pub rejected: Vec<Refused>,
    /// Whether anybody has it.
    #[serde(default)]
    pub served: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refused {
    pub recipient: String,
    pub reason: String,
}

impl Job {
    /// What its message is about, where it may follow an earlier one. A test message is for who
    /// waits for it, what some recipients have goes to the others only, and a digest is about
    /// several things.
    pub(super) fn subject(&self) -> Option<&str> {
        let stands_alone =
            self.digest.is_some() || self.most_attempts.is_some() || self.recipients.is_some();
        let subject = self.notification.event.subject.as_deref();
        subject.filter(|_| !stands_alone)
    }

    /// Several pushes whose message nobody has yet. What some recipients have must not go to them
    /// again, push by push.
    pub(super) fn is_unserved_digest(&self) -> bool {
        let served = self.recipients.as_ref().is_some_and(|to| to.served);
        self.digest.is_some() && !served
    }

    /// The push as it was, for somebody to claim later; all of those that go together.
    pub(super) fn put_back(&self) -> Vec<Settlement> {
        if let Some(digest) = &self.digest {
            return digest.put_back(self.lease);
        }
        vec![self.deferred(self.due_at)]
    }

    /// As it was, but for when it is due.
    pub(super) fn deferred(&self, run_at: Micros) -> Settlement {
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

impl Lease {
    /// A token that no other claim has; its remainder by [`NODES`] is the server's number.
    pub(super) fn new(node: i64, until: i64) -> Self {
        let random = random::generator().random_range(1..i64::MAX / NODES);
        Self {
            token: random * NODES + node,
            until,
        }
    }

    /// The number of the server that took it.
    pub(super) fn node(self) -> i64 {
        self.token % NODES
    }
}
