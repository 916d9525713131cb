//! What a successful answer says, in one piece or in many:
//! <https://docs.anthropic.com/en/docs/build-with-claude/streaming>.

use crate::failure;
use push_notify_sdk::{
    Failure, StopReason, Usage,
    completion::{
        self, Format, IsError, Said,
        json::{self, Part},
    },
    http::Response,
};
use serde::Deserialize;

/// A whole answer; of one in many pieces, what the first of them holds.
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

#[derive(Default, Deserialize)]
#[serde(default)]
struct Event<'a> {
    #[serde(borrow)]
    r#type: Part<'a>,
    #[serde(borrow)]
    message: Part<'a>,
    #[serde(borrow)]
    content_block: Part<'a>,
    #[serde(borrow)]
    delta: Part<'a>,
    #[serde(borrow)]
    usage: Part<'a>,
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
struct Delta<'a> {
    #[serde(borrow)]
    text: Part<'a>,
    #[serde(borrow)]
    thinking: Part<'a>,
    #[serde(borrow)]
    stop_reason: Part<'a>,
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

pub(crate) enum Messages {}

impl Format for Messages {
    const PART: &'static str = "content";

    fn add(said: &mut Said, answer: Part<'_>) -> Result<(), IsError> {
        let answer: Answer<'_> = json::object(answer);
        if answer.error.is_some() {
            return Err(IsError);
        }
        let content = answer.content;
        said.has_begun = content.is_some_and(|content| content.get().starts_with('['));
        said.model = json::name(answer.model);
        said.usage = usage(answer.usage);
        said.end = json::text(answer.stop_reason);
        for block in json::list::<BLOCKS>(content) {
            add(said, json::object(Some(block)));
        }
        Ok(())
    }

    fn add_piece(said: &mut Said, event: Part<'_>) -> Result<(), IsError> {
        let event: Event<'_> = json::object(event);
        if event.error.is_some() {
            return Err(IsError);
        }
        let delta: Delta<'_> = json::object(event.delta);
        match json::text(event.r#type).as_deref() {
            Some("message_start") => {
                let message: Answer<'_> = json::object(event.message);
                said.has_begun = true;
                said.model = json::name(message.model);
                said.usage = usage(message.usage);
            }
            Some("content_block_start") => add(said, json::object(event.content_block)),
            Some("content_block_delta") => {
                said.text
                    .push_str(&json::text(delta.text).unwrap_or_default());
                said.has_thought |= delta.thinking.is_some();
            }
            Some("message_delta") => {
                said.end = json::text(delta.stop_reason).or_else(|| said.end.take());
                said.usage = counted(said.usage, event.usage);
            }
            Some("message_stop") => said.has_ended = true,
            _ => {}
        }
        Ok(())
    }

    fn stop(end: Option<&str>) -> Result<StopReason, Failure> {
        Ok(match end {
            Some("end_turn" | "stop_sequence") => StopReason::Complete,
            // By servers that copy the API, the words of another one.
            Some(
                "max_tokens" | "model_context_window_exceeded" | "length" | "max_output_tokens",
            ) => StopReason::Length,
            Some("refusal") => StopReason::Refused,
            _ => StopReason::Other,
        })
    }

    fn failure(response: &Response) -> Failure {
        failure::inside(response)
    }
}

fn add(said: &mut Said, block: Block<'_>) {
    match json::text(block.r#type).as_deref() {
        Some("text") => said
            .text
            .push_str(&json::text(block.text).unwrap_or_default()),
        Some("thinking" | "redacted_thinking") => said.has_thought = true,
        _ => {}
    }
}

/// What was written into the vendor's cache or read from it is a part of the input that
/// `input_tokens` does not count.
fn usage(usage: Part<'_>) -> Option<Usage> {
    let usage: Tokens<'_> = json::object(usage);
    let input = [
        usage.input_tokens,
        usage.cache_creation_input_tokens,
        usage.cache_read_input_tokens,
    ];
    let input = input.into_iter().filter_map(json::number);
    completion::usage(
        input.reduce(u64::saturating_add),
        json::number(usage.cache_read_input_tokens),
        json::number(usage.output_tokens),
    )
}

/// What comes at the end counts all that was said, but not always what was asked.
fn counted(begun: Option<Usage>, ended: Part<'_>) -> Option<Usage> {
    let tokens: Tokens<'_> = json::object(ended);
    let said = json::number(tokens.output_tokens);
    match (begun, said) {
        (Some(begun), Some(output_tokens)) => Some(Usage {
            output_tokens,
            ..begun
        }),
        (Some(begun), None) => Some(begun),
        (None, _) => usage(ended),
    }
}
