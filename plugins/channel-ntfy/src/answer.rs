//! What ntfy's answer means: `server/errors.go` of its source.

use push_notify_sdk::{
    Failure,
    http::Response,
    json::part::{self, Part},
};
use serde::Deserialize;

const HOUR_MS: u64 = 60 * 60 * 1000;
/// Longest text of the far side in a reason, in characters.
const EXCERPT: usize = 200;

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    id: Part<'a>,
    #[serde(borrow)]
    sequence_id: Part<'a>,
    #[serde(borrow)]
    code: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
}

pub(crate) struct Published {
    /// The server's id of the message.
    pub(crate) id: String,
    /// The message that it took the place of. Servers before 2.16 know of none.
    pub(crate) sequence_id: Option<String>,
}

pub(crate) fn read(response: Response) -> Result<Published, Failure> {
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    if (200..=299).contains(&response.status) {
        let id = part::name(answer.id)
            .ok_or_else(|| Failure::retry("ntfy's answer has no id of a message"))?;
        return Ok(Published {
            id,
            sequence_id: part::name(answer.sequence_id),
        });
    }
    let text = part::words(answer.error, EXCERPT).unwrap_or_default();
    let code = part::whole(answer.code);
    let reason = || format!("ntfy error {}: {text}", code.unwrap_or_default());
    match code {
        // The topic is no name for one, or not for everybody.
        Some(40009 | 40010) => return Err(Failure::misconfigured(reason())),
        // The day's messages are used up.
        Some(42908) => return Err(Failure::retry_after(reason(), HOUR_MS)),
        _ => {}
    }
    if response.status == 429 && response.retry_after_ms().is_none() {
        return Err(Failure::throttled(reason()));
    }
    Err(match response.check() {
        Err(failure) => failure,
        Ok(_) => Failure::retry(reason()),
    })
}
