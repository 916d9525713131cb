//! What ServerChan's answer means. Errors have status 400 and a code, of which one stands for a
//! wrong key and for a day's messages that are used up, so the text decides first.

use push_notify_sdk::{
    Failure,
    http::Response,
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
    message: Part<'a>,
    #[serde(borrow)]
    data: Part<'a>,
}

#[derive(Default, Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    pushid: Part<'a>,
}

/// The far side's id of the message, where it says one.
pub(crate) fn id(response: Response) -> Result<Option<String>, Failure> {
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    let code = part::whole(answer.code);
    let text = part::words(answer.message, EXCERPT).unwrap_or_default();
    let reason = format!("ServerChan code {}: {text}", code.unwrap_or_default());
    let is_sound = (200..=299).contains(&response.status);
    match code {
        Some(0) if is_sound => {
            let data: Data<'_> = part::object(answer.data);
            let number = part::whole(data.pushid).map(|id| id.to_string());
            return Ok(number.or_else(|| part::name(data.pushid)));
        }
        // Tomorrow there are more; today every try is in vain.
        Some(_) if text.contains("发送次数") => return Err(Failure::rejected(reason)),
        Some(40001) => return Err(Failure::misconfigured(reason)),
        Some(_) if is_sound => return Err(Failure::rejected(reason)),
        _ => {}
    }
    response.check()?;
    Err(Failure::retry("ServerChan's answer has no code"))
}
