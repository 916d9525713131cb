//! What a homeserver's answer means.

use push_notify_sdk::{
    Failure,
    http::Response,
    json::part::{self, Part},
};
use serde::Deserialize;

/// In bytes, of an event's id.
pub(crate) const LONGEST_ID: usize = 255;
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    event_id: Part<'a>,
    #[serde(borrow)]
    errcode: Part<'a>,
    #[serde(borrow)]
    retry_after_ms: Part<'a>,
}

pub(crate) fn event_id(response: Response) -> Result<String, Failure> {
    let response = checked(response)?;
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    part::text(answer.event_id)
        .filter(|id| id.len() <= LONGEST_ID)
        .ok_or_else(|| Failure::retry("the homeserver's answer has no event_id"))
}

/// By its status; servers say in the body for how long they want no more.
pub(crate) fn checked(response: Response) -> Result<Response, Failure> {
    let answer = match response.status {
        429 => part::read::<Answer<'_>>(&response.body).unwrap_or_default(),
        _ => Answer::default(),
    };
    let code = part::name(answer.errcode).unwrap_or_default();
    if code == "M_LIMIT_EXCEEDED"
        && let Some(wait) = part::number(answer.retry_after_ms)
    {
        return Err(Failure::retry_after(code, wait.min(LONGEST_WAIT_MS)));
    }
    response.check()
}
