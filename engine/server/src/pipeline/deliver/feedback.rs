//! What a channel's answer says of its target.

use super::verdict::LONGEST_WAIT;
use crate::target::health::HealthSignal;
use push_notify_host::{CallError, Failure, Receipt};
use std::time::Duration;

/// The wait when the far side takes nothing because of too many messages, and the channel's
/// manifest does not say for how long.
const USUAL_PENALTY: Duration = Duration::from_secs(60);

/// None: nothing. The engine had no room, or no call was made. `is_first` of the push's attempts:
/// where one push makes the plugin trap again and again, that is the push's fault; where several
/// do, they wait until one goes through.
pub(in crate::pipeline) fn sign(
    answer: &Result<Result<Receipt, Failure>, CallError>,
    is_first: bool,
) -> Option<HealthSignal> {
    let sign = match answer {
        Ok(Ok(_) | Err(Failure::Rejected(_))) => HealthSignal::Well,
        Ok(Err(Failure::Retry { reason, after })) => later(reason, *after),
        Ok(Err(Failure::Throttled(_))) => HealthSignal::Busy(USUAL_PENALTY),
        Ok(Err(Failure::Misconfigured(reason))) => HealthSignal::Misconfigured(reason.clone()),
        Ok(Err(Failure::Partial(partial))) => match partial.retry.first() {
            // It takes messages; the others wait for a reason of their own.
            Some(_) if !partial.delivered.is_empty() && partial.after.is_none() => {
                HealthSignal::Well
            }
            Some(problem) => later(&problem.reason, partial.after),
            None => HealthSignal::Well,
        },
        Err(error @ CallError::Deadline(_)) => HealthSignal::Failing(error.to_string()),
        Err(error @ CallError::Trap(_)) if is_first => HealthSignal::Failing(error.to_string()),
        Err(
            CallError::Trap(_)
            | CallError::Quarantined(_)
            | CallError::Resting(_)
            | CallError::Busy(_)
            | CallError::Output(_),
        ) => {
            return None;
        }
    };
    Some(sign)
}

fn later(reason: &str, after: Option<Duration>) -> HealthSignal {
    match after {
        Some(after) => HealthSignal::Busy(after.min(LONGEST_WAIT)),
        None => HealthSignal::Failing(reason.to_owned()),
    }
}

/// With the time that the manifest says, where the far side got too many messages.
pub(in crate::pipeline) fn penalised(failure: Failure, penalty: Option<Duration>) -> Failure {
    match failure {
        Failure::Throttled(reason) => Failure::Retry {
            reason,
            after: Some(penalty.unwrap_or(USUAL_PENALTY)),
        },
        failure => failure,
    }
}

#[cfg(test)]
mod tests;
