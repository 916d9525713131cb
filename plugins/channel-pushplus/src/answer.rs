//! What PushPlus's answer means: <https://www.pushplus.plus/doc/guide/code.html>. The status is
//! always 200; the message is sent after the answer.

use push_notify_sdk::{
    Failure,
    json::part::{self, Part},
};
use serde::Deserialize;

/// Longest text of the far side in a reason, in characters.
const EXCERPT: usize = 200;

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    code: Part<'a>,
    #[serde(borrow)]
    msg: Part<'a>,
    #[serde(borrow)]
    data: Part<'a>,
}

/// The far side's id of the message, where it says one.
pub(crate) fn id(body: &[u8]) -> Result<Option<String>, Failure> {
    let answer = part::read::<Answer<'_>>(body).unwrap_or_default();
    let Some(code) = part::whole(answer.code) else {
        return Err(Failure::retry("PushPlus's answer has no code"));
    };
    let text = part::words(answer.msg, EXCERPT).unwrap_or_default();
    let reason = format!("PushPlus code {code}: {text}");
    Err(match code {
        200 => return Ok(part::name(answer.data)),
        500 => Failure::retry(reason),
        // The account is restricted after too many messages.
        900 => Failure::throttled(reason),
        // Not logged in, not open, the address is not listed, not allowed, no points left, a wrong
        // token, not verified.
        302 | 401 | 403 | 805 | 888 | 903 | 905 => Failure::misconfigured(reason),
        // Among those known: 600 a wrong value, 999 refused.
        _ => Failure::rejected(reason),
    })
}
