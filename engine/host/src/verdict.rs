//! How a call ended when it did not succeed: what the plugin decided, and what the host had to
//! decide for it.

use std::time::Duration;

/// A plugin's decision about a call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may work later, not before `after`.
    #[error("{reason}")]
    Retry {
        reason: String,
        after: Option<Duration>,
    },
    /// The far side got too many messages: it is left alone as long as the manifest says
    /// (`limits.penalty`).
    #[error("{0}")]
    Throttled(String),
    /// The far side will never take this one.
    #[error("{0}")]
    Rejected(String),
    /// It will not work until an administrator changes the settings.
    #[error("{0}")]
    Misconfigured(String),
    /// Some recipients got it.
    #[error("some recipients did not get it")]
    Partial(Partial),
}

/// Each recipient is in one list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partial {
    pub delivered: Vec<String>,
    pub retry: Vec<RecipientProblem>,
    pub rejected: Vec<RecipientProblem>,
    pub after: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientProblem {
    pub recipient: String,
    pub reason: String,
}

/// A provider's decision about a delivery that makes no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("not authentic: {0}")]
    Unauthenticated(String),
    #[error("malformed: {0}")]
    Malformed(String),
    /// A sound delivery of no interest, and why.
    #[error("ignored: {0}")]
    Ignored(String),
}

/// The call did not come to an end that the plugin chose. Each costs that call only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The guest broke: a panic, memory over its cap, CPU time over its budget.
    #[error("the plugin failed: {0}")]
    Trap(String),
    /// The deadline passed while the guest or the host worked.
    #[error("the plugin did not finish within {} ms", .0.as_millis())]
    Deadline(Duration),
    /// Calls trapped for several, and for nobody else came to an end; no call is made until one
    /// that tries does.
    #[error("the plugin is quarantined: {0}")]
    Quarantined(String),
    /// Calls for this one trapped again and again; none is made for it for a while.
    #[error("the plugin is not called for a while, because of {0}")]
    Resting(String),
    /// The engine had no room for the call: nothing is wrong with it or the plugin.
    #[error("the engine is busy: {0}")]
    Busy(&'static str),
    /// What the guest returned breaks the contract's bounds.
    #[error("the plugin answered out of bounds: {0}")]
    Output(String),
}
