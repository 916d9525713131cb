use crate::Failure;

/// What the engine does about a result: nothing (`ok`), `retry`, `retry MS`, `throttled`,
/// `rejected`, `misconfigured` or `partial`.
pub fn class<T>(result: &Result<T, Failure>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(Failure::Retry(retry)) => match retry.after_ms {
            Some(ms) => format!("retry {ms}"),
            None => "retry".to_owned(),
        },
        Err(Failure::Throttled(_)) => "throttled".to_owned(),
        Err(Failure::Rejected(_)) => "rejected".to_owned(),
        Err(Failure::Misconfigured(_)) => "misconfigured".to_owned(),
        Err(Failure::Partial(_)) => "partial".to_owned(),
    }
}
