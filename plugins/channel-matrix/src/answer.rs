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

#[derive(Default, Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    content: Part<'a>,
    #[serde(borrow)]
    unsigned: Part<'a>,
}

#[derive(Default, Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    body: Part<'a>,
}

#[derive(Default, Deserialize)]
struct Unsigned<'a> {
    #[serde(borrow)]
    redacted_because: Part<'a>,
}

/// Why the event that was asked for is not there any more. None: it is.
pub(crate) fn gone(response: Response) -> Result<Option<String>, Failure> {
    if response.status == 404 {
        return Ok(Some("the homeserver knows no such event".to_owned()));
    }
    let response = checked(response)?;
    let event = part::read::<Event<'_>>(&response.body)
        .ok_or_else(|| Failure::retry("the homeserver's answer is not an event"))?;
    let content: Content<'_> = part::object(event.content);
    let unsigned: Unsigned<'_> = part::object(event.unsigned);
    let is_removed = unsigned.redacted_because.is_some() || content.body.is_none();
    Ok(is_removed.then(|| "the event was removed".to_owned()))
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
