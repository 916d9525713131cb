use crate::push::PushState;
use push_notify_core::id::{EventId, PushId, RepoId, TargetId};
use schemars::JsonSchema;
use serde::Serialize;

/// A dead letter in a list. Its attempts are shown with the push.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DeadLetter")]
pub struct Entry {
    /// Of the push.
    pub id: PushId,
    pub event_id: EventId,
    pub repo_id: RepoId,
    pub repo_name: Option<String>,
    pub target_id: TargetId,
    pub target_name: Option<String>,
    pub target_type: Option<String>,
    pub commit_id: String,
    pub commit_msg: String,
    /// failed, rejected, misconfigured, partial or cancelled.
    pub state: PushState,
    pub reason: Option<String>,
    pub attempts: i64,
    /// The first push, where this one was made in its place.
    pub retry_of: Option<PushId>,
    pub created_at: String,
}

/// How many dead letters there are, of what.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DeadLetterSummary")]
pub struct Summary {
    /// Of the newest 100000.
    pub total: i64,
    /// There are older ones, which were not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capped: Option<bool>,
    pub by_state: Vec<OfState>,
    /// The 50 with the most.
    pub by_target: Vec<OfTarget>,
    /// The 50 most frequent.
    pub by_reason: Vec<OfReason>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DeadLettersOfState")]
pub struct OfState {
    pub state: PushState,
    pub count: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DeadLettersOfTarget")]
pub struct OfTarget {
    pub target_id: TargetId,
    pub target_name: Option<String>,
    pub target_type: Option<String>,
    pub count: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DeadLettersOfReason")]
pub struct OfReason {
    /// The first 200 characters.
    pub reason: Option<String>,
    pub count: i64,
    /// The newest push that says so.
    pub push_id: PushId,
}
