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
    content: Part<'a>,
    #[serde(borrow)]
    stop_reason: Part<'a>,
    #[serde(borrow)]
    usage: Part<'a>,
    #[serde(borrow)]
    model: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
}

/// A part of the content; those of the model's thoughts have another type than `text`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Block<'a> {
    #[serde(borrow)]
    r#type: Part<'a>,
    #[serde(borrow)]
    text: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tokens<'a> {
    #[serde(borrow)]
    input_tokens: Part<'a>,
    #[serde(borrow)]
    cache_creation_input_tokens: Part<'a>,
    #[serde(borrow)]
    cache_read_input_tokens: Part<'a>,
    #[serde(borrow)]
    output_tokens: Part<'a>,
}

const BLOCKS: usize = 1000;

pub(crate) fn completion(response: &Response, json: bool) -> Result<Completion, Failure> {
    let Some(document) = json::document(&response.body) else {
        return Err(completion::unreadable(response));
    };
    let answer: Answer<'_> = json::object(Some(document));
    if answer.error.is_some() {
        return Err(failure::inside(response));
    }
    completion::checked(Completion {
        text: completion::clean(&text(answer.content), json),
        model: json::name(answer.model),
        usage: usage(answer.usage),
        stop: stop(answer.stop_reason),
    })
}

fn text(content: Part<'_>) -> String {
    json::list::<BLOCKS>(content)
        .into_iter()
        .map(|block| json::object::<Block<'_>>(Some(block)))
        .filter(|block| json::text(block.r#type).is_some_and(|kind| kind == "text"))
        .filter_map(|block| json::text(block.text))
        .collect()
}

fn stop(reason: Part<'_>) -> StopReason {
    match json::text(reason).as_deref() {
        Some("end_turn" | "stop_sequence") => StopReason::Complete,
        Some("max_tokens" | "model_context_window_exceeded") => StopReason::Length,
        Some("refusal") => StopReason::Refused,
        _ => StopReason::Other,
    }
}

/// What was written into the vendor's cache or read from it is a part of the input that `input_tokens` does not count.
fn usage(usage: Part<'_>) -> Option<Usage> {
    let usage: Tokens<'_> = json::object(usage);
    let input = [
        usage.input_tokens,
        usage.cache_creation_input_tokens,
        usage.cache_read_input_tokens,
    ];
    let input: Vec<u64> = input.into_iter().filter_map(json::number).collect();
    let output = json::number(usage.output_tokens);
    (!input.is_empty() || output.is_some()).then(|| Usage {
        input_tokens: input.into_iter().fold(0, u64::saturating_add),
        output_tokens: output.unwrap_or(0),
    })
}
