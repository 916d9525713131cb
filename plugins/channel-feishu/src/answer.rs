//! What Feishu's answer means. Errors come with HTTP status 200, or 400, and a code in the body. A
//! code that nobody has described means that the message did not arrive.

use push_notify_sdk::{
    Failure,
    card::{self, Class},
    http::Response,
    json::part::{self, Part},
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    code: Part<'a>,
    #[serde(borrow)]
    msg: Part<'a>,
    /// As older bots answer.
    #[serde(borrow, rename = "StatusCode")]
    status_code: Part<'a>,
    #[serde(borrow, rename = "StatusMessage")]
    status_message: Part<'a>,
}

/// Fails unless the answer says that the message was taken.
pub(crate) fn verdict(response: Response) -> Result<(), Failure> {
    let response = match response.status {
        400 => response,
        _ => response.check()?,
    };
    let answer = part::read::<Answer<'_>>(&response.body);
    let code = answer
        .as_ref()
        .and_then(|answer| part::whole(answer.code).or_else(|| part::whole(answer.status_code)));
    let Some((answer, code)) = answer.zip(code) else {
        response.check()?;
        return Err(Failure::retry("Feishu's answer is no JSON with a code"));
    };
    if code == 0 {
        return response.check().map(drop);
    }
    let text = card::excerpt(answer.msg.or(answer.status_message));
    let class = class(code, &text.to_lowercase());
    Err(class.failure(format!("Feishu code {code}: {text}")))
}

fn class(code: i64, text: &str) -> Class {
    match code {
        // Too many in a second or minute, of this bot or of all.
        11232 => Class::Throttled,
        _ if text.contains("frequency limit") || text.contains("too many request") => {
            Class::Throttled
        }
        // A bad request, or one too many.
        9499 => Class::Retry,
        // The token; the signature or the clock; the address; the keyword.
        19001 | 19021 | 19022 | 19024 => Class::Misconfigured,
        // Among those known: 19002 a bad parameter, 19036 too large.
        _ => Class::Rejected,
    }
}
