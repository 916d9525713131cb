use push_notify_core::{
    clock::Micros,
    id::{EventId, LogId, ModelId, RepoId},
};
use schemars::JsonSchema;
use serde::Serialize;

/// A call that is over.
#[derive(Debug, Clone)]
pub struct Call {
    pub model_id: ModelId,
    pub repo_id: Option<RepoId>,
    pub event_id: Option<EventId>,
    /// `verify`, `prompt_test` or `review`.
    pub purpose: &'static str,
    /// The beginning of what was asked.
    pub input_summary: String,
    pub outcome: Outcome,
    pub duration_ms: i64,
    pub input_tokens: i64,
    pub output_tokens: i64,
    pub request_id: Option<String>,
    pub created_at: Micros,
}

#[derive(Debug, Clone)]
pub enum Outcome {
    Success {
        /// The beginning of the answer.
        summary: String,
    },
    Failed {
        reason: String,
    },
}

impl Outcome {
    pub const NAMES: [&'static str; 2] = ["success", "failed"];
}

/// A call, as the API shows it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AiCallEntry {
    pub id: LogId,
    pub model_id: ModelId,
    pub repo_id: Option<RepoId>,
    pub event_id: Option<EventId>,
    pub purpose: String,
    pub input_summary: String,
    pub output_summary: Option<String>,
    pub status: String,
    pub error: Option<String>,
    pub duration_ms: i64,
    /// Both ways.
    pub tokens_used: i64,
    pub request_id: Option<String>,
    pub created_at: String,
}
