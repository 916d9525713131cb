//! Digests: pushes that had to wait for their target's rate go out as one message, when the target allows it.
//!
//! `waited` notes whose way is closed. When it opens and enough wait there, `claim` leases them together and gives them one
//! number in `carried_by`, by which they stay together over retries and crashes: the same pushes are the same message, under
//! the same id. `sweep` makes a job of them, whose message `text` writes; `outcome` says what becomes of each. One digest is one
//! send.

mod claim;
mod outcome;
mod sweep;
mod text;
mod waited;

pub(super) use sweep::sweep;
pub(super) use waited::Waited;

use serde_json::Value;

/// What a job's message carries.
pub(super) struct Digest {
    /// The oldest first, whose job it is; at least two.
    members: Vec<Member>,
    /// `owner/name`, when they are all about one.
    repository: Option<String>,
}

struct Member {
    push_id: i64,
    /// From 1; this try included.
    attempt: i64,
    due_at: i64,
    /// What the message tells of it.
    notification: Value,
}

#[cfg(test)]
mod tests;
