use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// So long something that was looked at is as good as new.
const FRESH: Duration = Duration::from_millis(500);

/// What was seen of late. Whoever asks meanwhile waits for the one who looks.
pub(super) struct Fresh<T>(Arc<Mutex<Option<Seen<T>>>>);

type Seen<T> = (Instant, Arc<T>);

impl<T> Fresh<T> {
    pub(super) async fn get(&self, look: impl AsyncFnOnce() -> T) -> Arc<T> {
        let mut seen = self.0.lock().await;
        if let Some((at, seen)) = &*seen
            && at.elapsed() < FRESH
        {
            return seen.clone();
        }
        let new = Arc::new(look().await);
        *seen = Some((Instant::now(), new.clone()));
        new
    }
}

impl<T> Clone for Fresh<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

#[cfg(test)]
mod tests;
