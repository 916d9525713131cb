//! From what a channel answered to what happens to the push.

use crate::{
    pipeline::message::{Job, Recipients, Refused},
    push::Outcome,
};
use push_notify_core::config::Delivery;
use push_notify_host::{CallError, Failure, Partial, Receipt};
use std::time::Duration;

/// A far side's own wait is honoured up to this long.
pub(in crate::pipeline) const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pipeline) enum Verdict {
    Delivered {
        note: Option<String>,
    },
    Retry {
        reason: String,
        after: Option<Duration>,
        recipients: Option<Recipients>,
    },
    Rejected {
        reason: String,
    },
    Misconfigured {
        reason: String,
    },
    /// Some recipients have it, the others never will.
    Partial {
        reason: String,
        recipients: Recipients,
    },
    /// A message for several pushes that is not to be sent as it is: each of them is sent by
    /// itself.
    Apart {
        /// Of the attempt, as recorded.
        outcome: Outcome,
        reason: String,
    },
    /// No plugin to do it now.
    Parked {
        reason: String,
    },
    /// Nobody wants it any more.
    Cancelled {
        reason: String,
    },
}

impl Verdict {
    /// The database may be there again soon.
    pub(super) fn unread(job: &Job, reason: &str) -> Self {
        Self::Retry {
            reason: reason.to_owned(),
            after: None,
            recipients: job.recipients.clone(),
        }
    }

    pub(in crate::pipeline) fn of_call(
        result: Result<Result<Receipt, Failure>, CallError>,
        earlier: Option<&Recipients>,
    ) -> Self {
        match result {
            Ok(Ok(receipt)) => match earlier {
                Some(earlier) if !earlier.rejected.is_empty() => {
                    Self::partial(&earlier.rejected, true)
                }
                _ => Self::Delivered { note: receipt.note },
            },
            Ok(Err(Failure::Retry { reason, after })) => {
                let recipients = earlier.cloned();
                Self::Retry {
                    reason,
                    after,
                    recipients,
                }
            }
            // Sending puts the time in that the channel's manifest says.
            Ok(Err(Failure::Throttled(reason))) => Self::Retry {
                reason,
                after: None,
                recipients: earlier.cloned(),
            },
            Ok(Err(Failure::Rejected(reason))) => match earlier {
                None => Self::Rejected { reason },
                Some(earlier) => {
                    let mut rejected = earlier.rejected.clone();
                    rejected.extend(earlier.to.iter().map(|recipient| Refused {
                        recipient: recipient.clone(),
                        reason: reason.clone(),
                    }));
                    Self::partial(&rejected, earlier.served)
                }
            },
            Ok(Err(Failure::Misconfigured(reason))) => Self::Misconfigured { reason },
            Ok(Err(Failure::Partial(partial))) => Self::of_partial(partial, earlier),
            Err(error @ (CallError::Quarantined(_) | CallError::Resting(_))) => Self::Parked {
                reason: error.to_string(),
            },
            Err(error @ CallError::Output(_)) => Self::Rejected {
                reason: error.to_string(),
            },
            Err(error @ (CallError::Trap(_) | CallError::Deadline(_) | CallError::Busy(_))) => {
                Self::Retry {
                    reason: error.to_string(),
                    after: None,
                    recipients: earlier.cloned(),
                }
            }
        }
    }

    fn of_partial(partial: Partial, earlier: Option<&Recipients>) -> Self {
        let mut rejected = earlier
            .map(|earlier| earlier.rejected.clone())
            .unwrap_or_default();
        rejected.extend(partial.rejected.into_iter().map(|problem| Refused {
            recipient: problem.recipient,
            reason: problem.reason,
        }));
        let served = !partial.delivered.is_empty() || earlier.is_some_and(|earlier| earlier.served);
        if partial.retry.is_empty() {
            return Self::partial(&rejected, served);
        }
        let waiting: Vec<String> = partial
            .retry
            .iter()
            .map(|problem| format!("{}: {}", problem.recipient, problem.reason))
            .collect();
        Self::Retry {
            reason: format!("not yet delivered to {}", waiting.join("; ")),
            after: partial.after,
            recipients: Some(Recipients {
                to: partial
                    .retry
                    .into_iter()
                    .map(|problem| problem.recipient)
                    .collect(),
                rejected,
                served,
            }),
        }
    }

    /// The end of a message that not everybody took.
    fn partial(rejected: &[Refused], served: bool) -> Self {
        if rejected.is_empty() {
            return Self::Delivered { note: None };
        }
        let refused: Vec<String> = rejected
            .iter()
            .map(|refused| format!("{}: {}", refused.recipient, refused.reason))
            .collect();
        let refused = refused.join("; ");
        if !served {
            return Self::Rejected { reason: refused };
        }
        Self::Partial {
            reason: format!("delivered, but not to {refused}"),
            // A retry by hand goes to those.
            recipients: Recipients {
                to: rejected
                    .iter()
                    .map(|refused| refused.recipient.clone())
                    .collect(),
                rejected: vec![],
                served: true,
            },
        }
    }

    /// What the verdict on a message for several pushes means: one of them may be why it is
    /// refused, why the plugin broke, or why nothing came of it until now; or all of them together
    /// are too long. `is_over`: they are not to be tried together again.
    pub(in crate::pipeline) fn of_digest(self, is_over: bool) -> Self {
        let outcome = self.outcome();
        match self {
            Self::Rejected { reason } | Self::Misconfigured { reason } => {
                Self::Apart { outcome, reason }
            }
            Self::Retry { reason, .. } if is_over => Self::Apart { outcome, reason },
            other => other,
        }
    }

    /// The attempt's outcome, as recorded.
    pub(in crate::pipeline) fn outcome(&self) -> Outcome {
        match self {
            Self::Delivered { .. } => Outcome::Delivered,
            Self::Retry { .. } => Outcome::Retry,
            Self::Rejected { .. } => Outcome::Rejected,
            Self::Apart { outcome, .. } => *outcome,
            Self::Misconfigured { .. } => Outcome::Misconfigured,
            Self::Partial { .. } => Outcome::Partial,
            Self::Parked { .. } => Outcome::Parked,
            Self::Cancelled { .. } => Outcome::Cancelled,
        }
    }

    pub(in crate::pipeline) fn reason(&self) -> Option<&str> {
        match self {
            Self::Delivered { note } => note.as_deref(),
            Self::Retry { reason, .. }
            | Self::Rejected { reason }
            | Self::Apart { reason, .. }
            | Self::Misconfigured { reason }
            | Self::Partial { reason, .. }
            | Self::Parked { reason }
            | Self::Cancelled { reason } => Some(reason),
        }
    }
}

/// The wait before the next attempt, or `None` when `attempt` was the last: a random time up to
/// `base * 2^(attempt - 1)`, at most the cap (full jitter); not less than what the far side asked
/// for.
pub(in crate::pipeline) fn backoff(
    settings: &Delivery,
    attempt: i64,
    after: Option<Duration>,
    random: f64,
) -> Option<Duration> {
    if attempt >= i64::from(settings.max_attempts) {
        return None;
    }
    let doublings = u32::try_from(attempt - 1).unwrap_or_default().min(40);
    let ceiling = settings
        .backoff_base_ms
        .saturating_mul(1 << doublings)
        .min(settings.backoff_cap_ms);
    let jittered = Duration::from_millis((ceiling as f64 * random) as u64);
    Some(jittered.max(after.unwrap_or_default().min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests;
