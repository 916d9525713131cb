//! What WeCom's answer means. Errors come with HTTP status 200 and an `errcode`. A code that nobody
//! has described means that the message did not arrive.

use push_notify_sdk::{
    Failure,
    card::{self, Class},
    json::part::{self, Part},
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    errcode: Part<'a>,
    #[serde(borrow)]
    errmsg: Part<'a>,
}

/// Fails unless the answer says that the message was taken.
pub(crate) fn verdict(body: &[u8]) -> Result<(), Failure> {
    let Some(answer) = part::read::<Answer<'_>>(body) else {
        return Err(Failure::retry("WeCom's answer is not a JSON object"));
    };
    let Some(code) = part::whole(answer.errcode) else {
        return Err(Failure::retry("WeCom's answer has no errcode"));
    };
    if code == 0 {
        return Ok(());
    }
    let text = card::excerpt(answer.errmsg);
    Err(class(code).failure(format!("WeCom errcode {code}: {text}")))
}

fn class(code: i64) -> Class {
    match code {
        // Busy; too many at the same time.
        -1 | 45033 => Class::Retry,
        // Too many in a minute.
        45009 => Class::Throttled,
        // The key is wrong, the bot is gone or switched off; the address is not allowed.
        93000 | 93004 | 60020 => Class::Misconfigured,
        // Among those known: 40008 unknown kind, 40058 too long or a bad parameter, 44004 empty.
        _ => Class::Rejected,
    }
}
