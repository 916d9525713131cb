//! What a message means to people on call.

use push_notify_sdk::{Message, Severity};

/// What becomes an alert.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PageFor {
    #[default]
    Trouble,
    Everything,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// Opens an alert, or adds to the one that is open about the same subject.
    Trigger,
    /// Closes it.
    Resolve,
    /// Is shown beside alerts, and calls nobody.
    Change,
}

/// Kinds of which trouble comes and goes.
const TROUBLESOME: [&str; 5] = ["alert", "pipeline", "deployment", "issue", "custom"];
/// In a state or an action.
const BAD: [&str; 4] = ["failed", "firing", "blocked", "error"];
const OVER: [&str; 5] = ["resolved", "succeeded", "success", "closed", "fixed"];

pub(crate) fn of(message: &Message, page_for: PageFor) -> Event {
    if is_over(message) {
        Event::Resolve
    } else if page_for == PageFor::Everything || is_bad(message) {
        Event::Trigger
    } else {
        Event::Change
    }
}

/// Only with a subject is there anything that could be closed.
fn is_over(message: &Message) -> bool {
    let kind = message.kind.as_deref().unwrap_or_default();
    message.subject.is_some()
        && TROUBLESOME.contains(&kind)
        && says(message, &OVER)
        && !says(message, &BAD)
}

fn is_bad(message: &Message) -> bool {
    let is_severe = matches!(
        message.severity,
        Some(Severity::Critical | Severity::High | Severity::Medium)
    );
    is_severe || says(message, &BAD)
}

fn says(message: &Message, words: &[&str]) -> bool {
    [&message.state, &message.action]
        .into_iter()
        .flatten()
        .any(|word| words.contains(&word.as_str()))
}

/// In PagerDuty's words. What does not say how severe it is, and is no trouble, only informs.
pub(crate) fn severity(message: &Message) -> &'static str {
    match message.severity {
        Some(Severity::Critical) => "critical",
        Some(Severity::High) => "error",
        Some(Severity::Medium) => "warning",
        Some(Severity::Low | Severity::Info) => "info",
        None if is_bad(message) => "error",
        None => "info",
    }
}
