use super::ReviewState;
use push_notify_review::Decision;
use schemars::JsonSchema;
use serde::Serialize;

/// What the newest reviews came to.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figures {
    pub reviews: States,
    pub decisions: Decisions,
    /// Of the newest 1000 that a model was asked for; null without any.
    pub avg_review_ms: Option<i64>,
    pub avg_review_tokens: Option<i64>,
}

/// Of the newest 10 000 reviews.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewFigures")]
pub struct States {
    pub total: i64,
    pub pending: i64,
    pub completed: i64,
    pub skipped: i64,
    pub failed: i64,
}

/// Of the same reviews.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(rename = "ReviewDecisions")]
pub struct Decisions {
    pub approved: i64,
    pub request_changes: i64,
    pub comment: i64,
}

impl Figures {
    /// As many reviews have this state and decision.
    pub fn add(&mut self, state: ReviewState, decision: Option<Decision>, count: i64) {
        self.reviews.total += count;
        match state {
            ReviewState::Completed => self.reviews.completed += count,
            ReviewState::Skipped => self.reviews.skipped += count,
            ReviewState::Failed => self.reviews.failed += count,
            ReviewState::Pending => self.reviews.pending += count,
        }
        match decision {
            Some(Decision::Approved) => self.decisions.approved += count,
            Some(Decision::RequestChanges) => self.decisions.request_changes += count,
            Some(Decision::Comment) => self.decisions.comment += count,
            None => {}
        }
    }
}
