//! What becomes of a delivery, for its sender.

use crate::{
    pipeline::{commit::CommitError, store},
    storage::Full,
};
use push_notify_core::id::{EventId, PushId, RepoId};
use push_notify_host::Challenge;

/// What became of a delivery.
#[derive(Debug)]
pub enum Answer {
    /// On disk; also when it is the second time.
    Accepted {
        repo_id: RepoId,
        event_id: EventId,
        push_ids: Vec<PushId>,
        commits: usize,
        duplicate: bool,
    },
    /// The sender proves that the address is ours, and hears this.
    Challenge(Challenge),
    /// Authentic and of no interest.
    Ignored { repo_id: RepoId, reason: String },
    /// Its parser is not in order; kept as it came, to be authenticated when it is replayed.
    Parked { repo_id: RepoId, event_id: EventId },
}

/// Why nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("no repository has this webhook")]
    Unknown,
    #[error("not authenticated: {0}")]
    Unauthenticated(String),
    #[error("malformed: {0}")]
    Malformed(String),
    #[error("the repository's parser is out of order and too many deliveries are parked")]
    ParkedFull,
    #[error("the repository's parser is out of order")]
    OutOfOrder,
    #[error("what {0:?} may store is used up")]
    StorageFull(Full),
    #[error("too many bodies are in memory")]
    Full,
    #[error(transparent)]
    Busy(CommitError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Answer {
    /// What both come to for the sender, who hears of the first that was taken.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (
                Self::Accepted {
                    repo_id,
                    event_id,
                    mut push_ids,
                    commits,
                    duplicate,
                },
                Self::Accepted {
                    push_ids: more,
                    commits: further,
                    duplicate: again,
                    ..
                },
            ) => {
                push_ids.extend(more);
                Self::Accepted {
                    repo_id,
                    event_id,
                    push_ids,
                    commits: commits + further,
                    duplicate: duplicate && again,
                }
            }
            (Self::Ignored { .. }, other) => other,
            (first, _) => first,
        }
    }
}
