use crate::{Failure, Retry};

impl Failure {
    /// It may work later; the engine picks the time.
    pub fn retry(reason: impl Into<String>) -> Self {
        Self::Retry(Retry {
            reason: reason.into(),
            after_ms: None,
        })
    }

    /// It may work later, not before `after_ms` milliseconds have passed.
    pub fn retry_after(reason: impl Into<String>, after_ms: u64) -> Self {
        Self::Retry(Retry {
            reason: reason.into(),
            after_ms: Some(after_ms),
        })
    }

    /// The far side got too many messages and does not say for how long it wants none: as long as
    /// `limits.penalty` in the manifest says (a minute, where it says nothing).
    pub fn throttled(reason: impl Into<String>) -> Self {
        Self::Throttled(reason.into())
    }

    /// The far side will never take this one.
    pub fn rejected(reason: impl Into<String>) -> Self {
        Self::Rejected(reason.into())
    }

    /// It will not work until an administrator changes the settings.
    pub fn misconfigured(reason: impl Into<String>) -> Self {
        Self::Misconfigured(reason.into())
    }
}

/// What the plugin tried to write or read as JSON will be no better next time. For an unreadable
/// answer of the far side use [`Response::json`](crate::http::Response::json), which asks for a
/// retry.
impl From<serde_json::Error> for Failure {
    fn from(problem: serde_json::Error) -> Self {
        Self::Rejected(format!("JSON: {problem}"))
    }
}
