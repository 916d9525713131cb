use super::Entry;
use push_notify_core::id::{ModelId, PromptId, PushId};
use push_notify_review::{Coverage, Issue, Severity, comment::label};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A review by itself.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReviewDetail")]
pub struct Detail {
    #[serde(flatten)]
    pub entry: Entry,
    pub comments: Vec<Comment>,
    /// What was reviewed and what was not; null before it is done.
    pub coverage: Option<Coverage>,
    pub prompt: Option<OfPrompt>,
    pub model_id: Option<ModelId>,
    /// Models that did not answer, and why.
    pub fallbacks: Vec<Value>,
    pub input_tokens: i64,
    pub output_tokens: i64,
    /// By the prices of the model that answered last; null unless it has both.
    pub cost: Option<f64>,
    /// At the step that is under way or was the last.
    pub attempts: i64,
    pub publication_reason: Option<String>,
    /// The event's pushes, by their ids; the first 500.
    pub pushes: Vec<PushId>,
    pub started_at: Option<String>,
}

/// An issue as it reads at the Git host.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewComment")]
pub struct Comment {
    /// Null: about the change as a whole.
    path: Option<String>,
    line: Option<u32>,
    severity: Severity,
    category: String,
    message: String,
    suggestion: Option<String>,
    /// `**[BUG:HIGH]** The file is never closed.`
    body: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PromptOfReview")]
pub struct OfPrompt {
    pub id: PromptId,
    pub name: Option<String>,
}

impl From<Issue> for Comment {
    fn from(issue: Issue) -> Self {
        Self {
            body: format!("{} {}", label(&issue), issue.message),
            path: issue.path,
            line: issue.line,
            severity: issue.severity,
            category: issue.category,
            message: issue.message,
            suggestion: issue.suggestion,
        }
    }
}
