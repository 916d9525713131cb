use super::ReplayState;
use crate::push::Stats;
use push_notify_core::id::{EventId, ReplayId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A selection of dead letters, or one event.
pub const KINDS: [&str; 2] = ["dead_letters", "event"];

/// A replay in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReplayEntry")]
pub struct Entry {
    pub id: ReplayId,
    /// dead_letters or event.
    pub kind: String,
    /// running, completed or cancelled.
    pub state: ReplayState,
    pub event_id: Option<EventId>,
    /// Who wanted it.
    pub username: String,
    /// How many dead letters there were when it began; of an event, how many targets it is sent to.
    pub matched: i64,
    /// New pushes that were made so far.
    pub replayed: i64,
    /// Passed over: sent again by somebody else meanwhile, or retried too often, or the target is
    /// gone or off.
    pub skipped: i64,
    pub created_at: String,
    pub ended_at: Option<String>,
}

/// A replay by itself.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReplayDetail")]
pub struct Detail {
    #[serde(flatten)]
    pub entry: Entry,
    /// Which dead letters: the fields that the request had.
    pub selection: Value,
    /// What became of the new pushes so far. Those that are in neither count wait.
    pub pushes: Stats,
    /// Of an event that was reviewed again: the review that there was before.
    pub earlier_review: Option<Value>,
}
