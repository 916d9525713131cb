//! A body on its way into memory.

use super::{ApiError, pace::Pace};
use axum::{body::Body, http::request::Parts};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What a server allows the bodies of its requests. The state of its router says so.
pub trait BodyLimits: Send + Sync {
    /// Of a whole body, in bytes.
    fn max_bytes(&self, parts: &Parts) -> usize;

    fn pace(&self) -> Pace;
}

/// Where the bytes of a body are counted while they come in.
pub trait Room: Send {
    /// Makes room for as many bytes as are here by now, and says how long that took.
    fn hold(&mut self, bytes: usize) -> impl Future<Output = Result<Duration, ApiError>> + Send;
}

/// Bodies that are short enough not to be counted.
pub struct Uncounted;

impl Room for Uncounted {
    async fn hold(&mut self, _: usize) -> Result<Duration, ApiError> {
        Ok(Duration::ZERO)
    }
}

/// Reads a body of at most `most` bytes at the pace; 413 as soon as there are more, 408 as soon as
/// it is too slow. What is here has a place in `room`.
pub async fn read(
    body: Body,
    most: usize,
    pace: Pace,
    room: &mut impl Room,
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
        arrival.waited(room.hold(length).await?);
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
