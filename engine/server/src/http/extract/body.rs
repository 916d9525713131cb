use crate::http::{ApiError, Text};
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

/// Reads a body of at most `most` bytes; 413 as soon as there are more.
pub async fn read_body(body: Body, most: usize) -> Result<Bytes, ApiError> {
    let mut chunks = body.into_data_stream();
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| incomplete())?;
        if first.len() + all.len() + chunk.len() > most {
            return Err(ApiError::too_large(most));
        }
        // Most bodies are one chunk, which need not be copied.
        if first.is_empty() && all.is_empty() {
            first = chunk;
            continue;
        }
        if !first.is_empty() {
            all.extend_from_slice(&std::mem::take(&mut first));
        }
        all.extend_from_slice(&chunk);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

fn incomplete() -> ApiError {
    ApiError::malformed(vec![Text::new(
        "请求体接收不完整",
        "the body did not arrive in full",
    )])
}
