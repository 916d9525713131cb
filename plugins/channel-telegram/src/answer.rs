//! What Telegram's answer means: `ok`, or a code as HTTP has it with a description.

use push_notify_sdk::{
    Failure,
    card::{self, Class},
    http::Response,
    json::part::{self, Part},
};
use serde::Deserialize;

/// Longest wait that an answer can ask for.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;

/// The message that is there now.
#[derive(Default)]
pub(crate) struct Sent {
    pub(crate) chat_id: Option<i64>,
    pub(crate) message_id: Option<i64>,
}

/// What another request can mend, or a new message.
pub(crate) enum Problem {
    /// The message that is to be changed or answered.
    Gone(String),
    /// Telegram does not take the markup or the buttons.
    Markup(String),
    /// The group has this id now.
    Moved(String),
}

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    ok: Part<'a>,
    #[serde(borrow)]
    error_code: Part<'a>,
    #[serde(borrow)]
    description: Part<'a>,
    #[serde(borrow)]
    parameters: Part<'a>,
    #[serde(borrow)]
    result: Part<'a>,
}

#[derive(Default, Deserialize)]
struct Parameters<'a> {
    #[serde(borrow)]
    retry_after: Part<'a>,
    #[serde(borrow)]
    migrate_to_chat_id: Part<'a>,
}

#[derive(Default, Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    message_id: Part<'a>,
    #[serde(borrow)]
    chat: Part<'a>,
}

#[derive(Default, Deserialize)]
struct Chat<'a> {
    #[serde(borrow)]
    id: Part<'a>,
}

const GONE: &[&str] = &[
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to be replied not found",
    "message to reply not found",
    "reply message not found",
    "replied message not found",
];
const MARKUP: &[&str] = &[
    "can't parse entities",
    "button_url_invalid",
    "wrong http url",
    "inline keyboard button",
];
const MISCONFIGURED: &[&str] = &[
    "chat not found",
    "thread not found",
    "topic_closed",
    "topic_deleted",
    "topic closed",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "peer_id_invalid",
    "chat_id is empty",
    "user not found",
    "group is deactivated",
];

pub(crate) fn read(response: Response) -> Result<Result<Sent, Problem>, Failure> {
    let answer = part::read::<Answer<'_>>(&response.body);
    let Some(answer) = answer.filter(|answer| answer.ok.is_some()) else {
        response.check()?;
        return Err(Failure::retry("Telegram's answer is no JSON with ok"));
    };
    if answer.ok.is_some_and(|ok| ok.get() == "true") {
        let message: Message<'_> = part::object(answer.result);
        let chat: Chat<'_> = part::object(message.chat);
        return Ok(Ok(Sent {
            chat_id: part::whole(chat.id),
            message_id: part::whole(message.message_id),
        }));
    }
    let text = card::excerpt(answer.description);
    let code = part::whole(answer.error_code).unwrap_or(i64::from(response.status));
    let parameters: Parameters<'_> = part::object(answer.parameters);
    let reason = format!("Telegram says {code}: {text}");
    if code == 429 {
        let seconds = part::number(parameters.retry_after);
        let wait = seconds.map(|seconds| seconds.saturating_mul(1000));
        return Err(match wait.or(response.retry_after_ms()) {
            Some(wait) => Failure::retry_after(reason, wait.min(LONGEST_WAIT_MS)),
            None => Failure::throttled(reason),
        });
    }
    if let Some(id) = part::whole(parameters.migrate_to_chat_id) {
        return Ok(Err(Problem::Moved(id.to_string())));
    }
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match code {
        // What is there is what was to be there.
        400 if lower.contains("message is not modified") => Ok(Ok(Sent::default())),
        400 if says(GONE) => Ok(Err(Problem::Gone(reason))),
        400 if says(MARKUP) => Ok(Err(Problem::Markup(reason))),
        400 if says(MISCONFIGURED) => Err(Failure::misconfigured(reason)),
        _ => Err(class(code).failure(reason)),
    }
}

fn class(code: i64) -> Class {
    match code {
        // The token; the bot was blocked or thrown out; 404 is a token of no bot.
        401 | 403 | 404 => Class::Misconfigured,
        500..=599 => Class::Retry,
        _ => Class::Rejected,
    }
}
