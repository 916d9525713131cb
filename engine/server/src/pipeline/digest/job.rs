//! What a digest carries.

use push_notify_core::id::PushId;
use serde_json::Value;

/// What a job's message carries.
pub(in crate::pipeline) struct DigestJob {
    /// The oldest first, whose job it is; at least two.
    pub(super) members: Vec<Member>,
    /// `owner/name`, when they are all about one.
    pub(super) repository: Option<String>,
}

pub(super) struct Member {
    pub(super) push_id: PushId,
    /// From 1; this try included.
    pub(super) attempt: i64,
    pub(super) due_at: i64,
    /// What the message tells of it.
    pub(super) notification: Value,
}

#[cfg(test)]
mod tests;
