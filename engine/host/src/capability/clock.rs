use crate::call::Call;
use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in ms: now, or the time that the call is made as of.
pub(crate) fn of(call: &Call) -> u64 {
    call.clock_ms.unwrap_or_else(|| {
        now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_millis() as u64)
    })
}

/// The only look at the wall clock in this crate.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that plugins are given, and the age of files is by it"
)]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}
