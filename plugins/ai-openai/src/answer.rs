//! What a successful answer says.

use crate::failure;
use push_notify_sdk::{
    Completion, Failure, StopReason, Usage,
    completion::{
        self,
        json::{self, Part},
    },
    http::Response,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<'a> {
    #[serde(borrow)]
    choices: Part<'a>,
    #[serde(borrow)]
    usage: Part<'a>,
    #[serde(borrow)]
    model: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice<'a> {
    #[serde(borrow)]
    message: Part<'a>,
    #[serde(borrow)]
    finish_reason: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    #[serde(borrow)]
    content: Part<'a>,
    #[serde(borrow)]
    refusal: Part<'a>,
}

/// A part of a message whose content is a list; those of a reasoning model's thoughts have another type than `text`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Piece<'a> {
    #[serde(borrow)]
    r#type: Part<'a>,
    #[serde(borrow)]
    text: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tokens<'a> {
    #[serde(borrow)]
    prompt_tokens: Part<'a>,
    #[serde(borrow)]
    completion_tokens: Part<'a>,
}

const PIECES: usize = 1000;

pub(crate) fn completion(response: &Response, json: bool) -> Result<Completion, Failure> {
    let Some(document) = json::document(&response.body) else {
        return Err(completion::unreadable(response));
    };
    let answer: Answer<'_> = json::object(Some(document));
    if answer.error.is_some() {
        // As aggregators do when a vendor behind them failed after they had begun to answer.
        return Err(failure::inside(response));
    }
    let choice = json::list::<1>(answer.choices).first().copied();
    let Some(choice) = choice else {
        return Err(Failure::retry("the answer has no choices"));
    };
    let choice: Choice<'_> = json::object(Some(choice));
    let message: Message<'_> = json::object(choice.message);
    let refusal = json::text(message.refusal).filter(|refusal| !refusal.is_empty());
    let stop = match refusal {
        Some(_) => StopReason::Refused,
        None => stop(choice.finish_reason)?,
    };
    let text = match refusal {
        Some(refusal) => refusal,
        None => completion::clean(&content(message.content), json),
    };
    completion::checked(Completion {
        text,
        model: json::name(answer.model),
        usage: usage(answer.usage),
        stop,
    })
}

fn content(content: Part<'_>) -> String {
    json::text(content).unwrap_or_else(|| {
        json::list::<PIECES>(content)
            .into_iter()
            .map(|piece| json::object::<Piece<'_>>(Some(piece)))
            .filter(|piece| json::text(piece.r#type).is_some_and(|kind| kind == "text"))
            .filter_map(|piece| json::text(piece.text))
            .collect()
    })
}

fn stop(reason: Part<'_>) -> Result<StopReason, Failure> {
    Ok(match json::text(reason).as_deref() {
        Some("stop") => StopReason::Complete,
        Some("length") => StopReason::Length,
        // The second is Zhipu's.
        Some("content_filter" | "sensitive") => StopReason::Refused,
        // DeepSeek's and Zhipu's words for a machine that gave up.
        Some(gave_up @ ("insufficient_system_resource" | "network_error")) => {
            return Err(Failure::retry(format!("the server gave up: {gave_up}")));
        }
        _ => StopReason::Other,
    })
}

fn usage(usage: Part<'_>) -> Option<Usage> {
    let usage: Tokens<'_> = json::object(usage);
    let input = json::number(usage.prompt_tokens);
    let output = json::number(usage.completion_tokens);
    (input.is_some() || output.is_some()).then(|| Usage {
        input_tokens: input.unwrap_or(0),
        output_tokens: output.unwrap_or(0),
    })
}
