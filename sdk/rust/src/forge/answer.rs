use crate::{
    Failure, clock,
    http::{Error, Response},
    json,
};
use serde::de::DeserializeOwned;

/// Longest wait that a used-up rate can ask for.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;
/// Where the host does not say: GitHub asks for at least a minute.
const USUAL_WAIT_MS: u64 = 60 * 1000;

/// How much of an answer may be the words of the host, in bytes.
const WORDS: usize = 4096;

/// Itself when the status is 2xx. Besides what [`Response::check`] knows, a used-up rate asks for a
/// retry also where the host calls it 403, and a refused token and a missing repository say what an
/// administrator can do.
pub fn check(response: Response) -> Result<Response, Failure> {
    match response.status {
        403 | 429 if let Some(after_ms) = used_up(&response) => {
            let status = response.status;
            let reason = format!("the host's rate is used up (HTTP {status})");
            Err(Failure::retry_after(reason, after_ms))
        }
        401 => Err(Failure::misconfigured(
            "the host refused the repository's access token (HTTP 401)",
        )),
        403 => Err(Failure::misconfigured(
            "the repository's access token may not do this (HTTP 403)",
        )),
        404 => Err(Failure::misconfigured(
            "the host does not know it, or does not show it to this access token (HTTP 404)",
        )),
        _ => response.check(),
    }
}

/// What the host says where a call can do without: none when it does not say. Only a failure that
/// may pass is one.
pub fn told<T: DeserializeOwned>(answer: Result<Response, Error>) -> Result<Option<T>, Failure> {
    match answer.map_err(Failure::from).and_then(check) {
        Ok(answer) => Ok(json::read(&answer.body).ok()),
        Err(Failure::Retry(retry)) => Err(Failure::Retry(retry)),
        Err(_) => Ok(None),
    }
}

/// For how long.
fn used_up(response: &Response) -> Option<u64> {
    if let Some(wait) = response.retry_after_ms() {
        return Some(wait);
    }
    let number = |names: [&str; 2]| {
        let value = names.into_iter().find_map(|name| response.header(name))?;
        value.trim().parse::<u64>().ok()
    };
    let remaining = number(["x-ratelimit-remaining", "ratelimit-remaining"]);
    if remaining == Some(0) {
        let reset = number(["x-ratelimit-reset", "ratelimit-reset"]);
        let wait = reset.map(|at| (at.saturating_mul(1000)).saturating_sub(clock::now_ms()));
        return Some(wait.unwrap_or(USUAL_WAIT_MS).clamp(1000, LONGEST_WAIT_MS));
    }
    // GitHub's second limit, against bursts, says so in words only.
    let words = &response.body[..response.body.len().min(WORDS)];
    let says_so = String::from_utf8_lossy(words)
        .to_lowercase()
        .contains("rate limit");
    (response.status == 429 || says_so).then_some(USUAL_WAIT_MS)
}
