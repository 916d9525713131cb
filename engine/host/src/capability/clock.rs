use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in ms.
pub(crate) fn now_ms() -> u64 {
    now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as u64)
}

/// The only look at the wall clock in this crate.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that plugins are given, and the age of files is by it"
)]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}
