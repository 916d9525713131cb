use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long anything that a test waits for may take.
pub const WAIT_TIMEOUT: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(15);

/// Looks until there is something to see. Panics, naming `what`, when [`WAIT_TIMEOUT`] is over.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + WAIT_TIMEOUT;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(
            Instant::now() < end,
            "waited {WAIT_TIMEOUT:?} in vain for {what}"
        );
        sleep(LOOK_EVERY).await;
    }
}
