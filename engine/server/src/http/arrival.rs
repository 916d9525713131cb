//! A body on its way into memory.

use super::{ApiError, pace::Pace};
use crate::pipeline::{BodyPermit, Refusal};
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Reads a body of at most `most` bytes at the pace; 413 as soon as there are more, 408 as soon as
/// it is too slow. Where there is a `room`, what is here has room in it.
pub(super) async fn read(
    body: Body,
    most: usize,
    pace: Pace,
    mut room: Option<&mut BodyPermit>,
    refuse: fn(Refusal) -> ApiError,
) -> Result<Bytes, ApiError> {
    let mut arrival = Arrival::new(pace, Instant::now());
    let mut chunks = body.into_data_stream();
    // Most bodies are one chunk, which need not be copied.
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    loop {
        let chunk = timeout_at(arrival.deadline(), chunks.next()).await;
        let Some(chunk) = chunk.map_err(|_| ApiError::body_timeout())? else {
            break;
        };
        // A connection that broke: hardly anybody is there to read the answer.
        let chunk = chunk.map_err(|_| ApiError::incomplete())?;
        let length = first.len() + all.len() + chunk.len();
        if length > most {
            return Err(ApiError::too_large(most));
        }
        arrival.came(chunk.len());
        if let Some(room) = &mut room {
            arrival.waited(room.hold(length).await.map_err(refuse)?);
        }
        if length == chunk.len() {
            first = chunk;
            continue;
        }
        all.extend_from_slice(&std::mem::take(&mut first));
        all.extend_from_slice(&chunk);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

struct Arrival {
    pace: Pace,
    began: Instant,
    bytes: u64,
    /// How long it was us who did not go on.
    waited: Duration,
}

impl Arrival {
    fn new(pace: Pace, now: Instant) -> Self {
        Self {
            pace,
            began: now,
            bytes: 0,
            waited: Duration::ZERO,
        }
    }

    /// Until when more has to be here.
    fn deadline(&self) -> Instant {
        let slowest = self.pace.grace + self.pace.time_for(self.bytes);
        self.began + self.waited + slowest.min(self.pace.whole)
    }

    fn came(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    fn waited(&mut self, time: Duration) {
        self.waited += time;
    }
}

#[cfg(test)]
mod tests;
