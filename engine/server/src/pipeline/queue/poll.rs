//! How long a worker waits for a word before it looks by itself.

use crate::app::App;
use push_notify_db::Dialect;
use std::time::Duration;

/// Something comes due without a word: a retry, the end of a lease. Or it is another server that
/// would have to say so.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Nothing waits, and who changes that is this server and says so: an idle one sleeps.
const LOOK_WHEN_IDLE: Duration = Duration::from_secs(10);

/// `anything_waits`: due or not. When in doubt, it does.
pub(in crate::pipeline) fn poll_interval(app: &App, anything_waits: bool) -> Duration {
    match app.db.dialect() {
        Dialect::Sqlite if !anything_waits => LOOK_WHEN_IDLE,
        _ => LOOK_EVERY,
    }
}
