use super::{Comment, Decision, Issue, Language, words};
use schemars::JsonSchema;
use serde::Serialize;

/// What a push shows of the review that its message tells of.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Codeview {
    /// In a few words, in the language of the repository's reviews.
    result: String,
    issues: Vec<Comment>,
    summary: String,
}

impl Codeview {
    /// `state` and what follows it are the row's.
    pub fn new(
        state: &str,
        decision: Option<Decision>,
        reason: Option<&str>,
        issues: Vec<Issue>,
        summary: Option<String>,
        language: Language,
    ) -> Self {
        Self {
            result: words::result(state, decision, issues.len(), reason, language),
            issues: issues.into_iter().map(Comment::from).collect(),
            summary: summary.unwrap_or_default(),
        }
    }
}
