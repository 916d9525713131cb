use super::{Publication, ReviewState};
use push_notify_core::id::{EventId, RepoId, ReviewId};
use push_notify_review::Decision;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "ReviewStatus")]
pub enum Status {
    /// Waits for a worker.
    Pending,
    /// A worker has it.
    Processing,
    Completed,
    /// It was not to be; the reason says why.
    Skipped,
    /// It could not be; the reason says why.
    Failed,
}

impl Status {
    pub const NAMES: [&'static str; 5] =
        ["pending", "processing", "completed", "skipped", "failed"];

    pub fn of_state(state: ReviewState, leased: bool) -> Self {
        match state {
            ReviewState::Completed => Self::Completed,
            ReviewState::Skipped => Self::Skipped,
            ReviewState::Failed => Self::Failed,
            ReviewState::Pending if leased => Self::Processing,
            ReviewState::Pending => Self::Pending,
        }
    }

    /// The condition on the reviews `v` that have the status of this name.
    pub fn condition(name: &str) -> &'static str {
        match name {
            "completed" => "v.state = 'completed'",
            "skipped" => "v.state = 'skipped'",
            "failed" => "v.state = 'failed'",
            "processing" => "v.state = 'pending' AND v.lease IS NOT NULL",
            _ => "v.state = 'pending' AND v.lease IS NULL",
        }
    }
}

/// A review in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReviewEntry")]
pub struct Entry {
    pub id: ReviewId,
    /// The review has its event's id.
    pub event_id: EventId,
    pub repo: OfRepo,
    /// push or merge_request.
    pub kind: String,
    /// Of a merge request.
    pub number: Option<i64>,
    pub title: Option<String>,
    pub author: Option<String>,
    pub branch: Option<String>,
    pub url: Option<String>,
    /// The commit that is reviewed.
    pub head_sha: String,
    pub status: Status,
    pub reason: Option<String>,
    /// The review of the same commit whose result this one has.
    pub same_as: Option<ReviewId>,
    pub decision: Option<Decision>,
    /// 0 to 100.
    pub score: Option<i64>,
    /// In a list the first 300 characters.
    pub summary: Option<String>,
    pub comments_count: i64,
    pub model: Option<String>,
    /// Both ways, in tries that came to an end; the log of calls has all.
    pub tokens_used: i64,
    /// From when a worker began to when it was done.
    pub duration_ms: Option<i64>,
    /// webhook or retry.
    pub triggered_by: String,
    /// What the Git host shows of it: pending, published, superseded by a newer one, or failed;
    /// null: it was not asked to.
    pub publication: Option<Publication>,
    pub created_at: String,
    pub completed_at: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RepoOfReview")]
pub struct OfRepo {
    pub id: RepoId,
    pub name: Option<String>,
}
