//! What messages made of their cards, written with their outcomes.

use super::settle::Settlement;
use push_notify_core::{
    clock::Micros,
    id::{PushId, RepoId, TargetId},
};

/// Of which thing, at which target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::pipeline) struct CardKey {
    pub target_id: TargetId,
    pub repo_id: RepoId,
    pub subject: String,
}

/// Written only while the card is held under the push's lease.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct CardChange {
    pub key: CardKey,
    pub lease: i64,
    pub handle: Option<String>,
    /// Whose message it is.
    pub push_id: PushId,
    /// The push whose event it shows, and when that event came.
    pub shown_by: PushId,
    pub shown_at: Micros,
    pub now: Micros,
    /// Why the message before it could not be followed any more.
    pub gone: Option<String>,
}

/// The changes of a batch, in the order in which every transaction takes its locks.
pub(super) fn cards<'a>(settles: &[&'a Settlement]) -> Vec<&'a CardChange> {
    let changes = settles.iter().filter_map(|settle| settle.card.as_deref());
    let mut changes: Vec<&CardChange> = changes.collect();
    changes.sort_by(|a, b| a.key.cmp(&b.key));
    changes
}

/// Writes one [`CardChange`]; nothing when somebody else holds the card by now.
pub(super) const SETTLE_CARD: &str =
    "UPDATE cards SET handle = $1, push_id = $2, shown_by = $3, shown_at = $4,
        updated_at = $5, gone = COALESCE($6, gone), lease = NULL, holder = NULL
    WHERE target_id = $7 AND repo_id = $8 AND subject = $9 AND lease = $10";
