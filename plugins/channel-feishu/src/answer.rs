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
    #[serde(borrow)]
    data: Part<'a>,
    #[serde(borrow)]
    tenant_access_token: Part<'a>,
}

#[derive(Default, Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    message_id: Part<'a>,
}

/// Of a message that is to be changed or answered: it was taken back or deleted, is older than 14
/// days, or is nobody's to see.
const GONE: [i64; 4] = [230011, 230031, 230050, 230110];

/// The id of the message, or why the one that it `follows` cannot be followed.
pub(crate) fn of_message(
    response: Response,
    follows: bool,
) -> Result<Result<Option<String>, String>, Failure> {
    let (response, problem) = coded(response)?;
    if let Some((code, text)) = problem {
        let reason = format!("Feishu code {code}: {text}");
        let names_none = code == 230001 && text.contains("message_id");
        if follows && (GONE.contains(&code) || names_none) {
            return Ok(Err(reason));
        }
        return Err(class(code, &text.to_lowercase()).failure(reason));
    }
    let response = response.check()?;
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    let data: Data<'_> = part::object(answer.data);
    Ok(Ok(part::name(data.message_id)))
}

/// What the app's further calls are proved by.
pub(crate) fn token(response: Response) -> Result<String, Failure> {
    let (response, problem) = coded(response)?;
    if let Some((code, text)) = problem {
        let class = match class(code, &text.to_lowercase()) {
            // The app's id or secret.
            Class::Rejected => Class::Misconfigured,
            class => class,
        };
        return Err(class.failure(format!("Feishu code {code}: {text}")));
    }
    let response = response.check()?;
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    part::name(answer.tenant_access_token)
        .ok_or_else(|| Failure::retry("Feishu's answer has no token in it"))
}

/// Fails unless the answer says that the message was taken.
pub(crate) fn verdict(response: Response) -> Result<(), Failure> {
    let (response, problem) = coded(response)?;
    match problem {
        None => response.check().map(drop),
        Some((code, text)) => {
            let class = class(code, &text.to_lowercase());
            Err(class.failure(format!("Feishu code {code}: {text}")))
        }
    }
}

/// With the code and the text of what is wrong, if something is.
fn coded(response: Response) -> Result<(Response, Option<(i64, String)>), Failure> {
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
    let text = card::excerpt(answer.msg.or(answer.status_message));
    let problem = (code != 0).then_some((code, text));
    Ok((response, problem))
}

fn class(code: i64, text: &str) -> Class {
    match code {
        // Too many in a second or minute, of this bot or of all.
        11232 | 230020 | 99991400 => Class::Throttled,
        _ if text.contains("frequency limit") || text.contains("too many request") => {
            Class::Throttled
        }
        // A bad request, or one too many.
        9499 => Class::Retry,
        // The token; the signature or the clock; the address; the keyword.
        19001 | 19021 | 19022 | 19024 => Class::Misconfigured,
        // The app is not in the group, is no bot, or may not; there is no such group; its token.
        230002 | 230006 | 230018 | 230027 | 230045 | 99991661 | 99991663 | 99991664 | 99991668
        | 99991672 => Class::Misconfigured,
        230001 if text.contains("receive_id") => Class::Misconfigured,
        // Among those known: 19002 a bad parameter, 19036 too large.
        _ => Class::Rejected,
    }
}
