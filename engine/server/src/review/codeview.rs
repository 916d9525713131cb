use super::Comment;
use push_notify_review::{Issue, Language, words};
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
    pub fn new(
        came: words::Came<'_>,
        issues: Vec<Issue>,
        summary: Option<String>,
        language: Language,
    ) -> Self {
        Self {
            result: words::result(came, language),
            issues: issues.into_iter().map(Comment::from).collect(),
            summary: summary.unwrap_or_default(),
        }
    }
}
