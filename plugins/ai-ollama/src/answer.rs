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
    message: Part<'a>,
    #[serde(borrow)]
    done_reason: Part<'a>,
    #[serde(borrow)]
    prompt_eval_count: Part<'a>,
    #[serde(borrow)]
    eval_count: Part<'a>,
    #[serde(borrow)]
    model: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
}

/// The model's thoughts, where the server tells them apart, are in a field of their own.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    #[serde(borrow)]
    content: Part<'a>,
}

/// `model` is the name that was asked for.
pub(crate) fn completion(
    model: &str,
    response: &Response,
    json: bool,
) -> Result<Completion, Failure> {
    let Some(document) = json::document(&response.body) else {
        return Err(completion::unreadable(response));
    };
    let answer: Answer<'_> = json::object(Some(document));
    if answer.error.is_some() {
        return Err(failure::inside(model, response));
    }
    let message: Message<'_> = json::object(answer.message);
    let text = json::text(message.content).unwrap_or_default();
    completion::checked(Completion {
        text: completion::clean(&text, json),
        model: json::name(answer.model),
        usage: usage(&answer),
        stop: stop(answer.done_reason),
    })
}

fn stop(reason: Part<'_>) -> StopReason {
    match json::text(reason).as_deref() {
        Some("stop") => StopReason::Complete,
        Some("length") => StopReason::Length,
        _ => StopReason::Other,
    }
}

fn usage(answer: &Answer<'_>) -> Option<Usage> {
    let input = json::number(answer.prompt_eval_count);
    let output = json::number(answer.eval_count);
    (input.is_some() || output.is_some()).then(|| Usage {
        input_tokens: input.unwrap_or(0),
        output_tokens: output.unwrap_or(0),
    })
}
