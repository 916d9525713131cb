//! What a successful answer says, in one piece or in many:
//! <https://platform.openai.com/docs/api-reference/chat/streaming>.

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
    /// A piece of the message, in a stream.
    #[serde(borrow)]
    delta: Part<'a>,
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
    /// What the model thought, by the names that DeepSeek and vLLM, and OpenRouter give it.
    #[serde(borrow)]
    reasoning_content: Part<'a>,
    #[serde(borrow)]
    reasoning: Part<'a>,
}

/// A part of a message whose content is a list; those of a reasoning model's thoughts have another
/// type than `text`.
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
    prompt_tokens_details: Part<'a>,
    #[serde(borrow)]
    completion_tokens: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details<'a> {
    #[serde(borrow)]
    cached_tokens: Part<'a>,
}

const PIECES: usize = 1000;
/// What marks the end of a stream.
const DONE: &[u8] = b"[DONE]";

pub(crate) enum ChatCompletions {}

impl Format for ChatCompletions {
    const PART: &'static str = "choices";

    fn add(said: &mut Said, answer: Part<'_>) -> Result<(), IsError> {
        let choice = begin(said, answer)?;
        let is_object = |message: &Part<'_>| message.is_some_and(|it| it.get().starts_with('{'));
        if let Some(message) = choice.map(|choice| choice.message).filter(is_object) {
            said.has_begun = true;
            add(said, json::object(message));
        }
        Ok(())
    }

    fn add_piece(said: &mut Said, event: Part<'_>) -> Result<(), IsError> {
        if let Some(choice) = begin(said, event)? {
            let message = choice.delta.or(choice.message);
            said.has_begun |= message.is_some();
            add(said, json::object(message));
        }
        Ok(())
    }

    fn is_end(event: &[u8]) -> bool {
        event.trim_ascii() == DONE
    }

    fn stop(end: Option<&str>) -> Result<StopReason, Failure> {
        let end = end.map(str::to_lowercase);
        Ok(match end.as_deref() {
            Some("stop") => StopReason::Complete,
            // By gateways in front of other vendors' models, their words.
            Some(
                "length"
                | "max_tokens"
                | "max_output_tokens"
                | "max_completion_tokens"
                | "model_length"
                | "token_limit"
                | "model_context_window_exceeded",
            ) => StopReason::Length,
            // The second is Zhipu's.
            Some("content_filter" | "sensitive" | "safety" | "refusal") => StopReason::Refused,
            // DeepSeek's and Zhipu's words for a machine that gave up.
            Some(gave_up @ ("insufficient_system_resource" | "network_error" | "error")) => {
                return Err(Failure::retry(format!("the server gave up: {gave_up}")));
            }
            _ => StopReason::Other,
        })
    }

    fn failure(response: &Response) -> Failure {
        failure::inside(response)
    }

    fn absent(response: &Response) -> Failure {
        failure::without_choices(response)
    }
}

/// What an answer and a piece of one say alike, and the first choice. Aggregators send an error in
/// its place when a vendor behind them failed after they had begun to answer.
fn begin<'a>(said: &mut Said, document: Part<'a>) -> Result<Option<Choice<'a>>, IsError> {
    let answer: Answer<'a> = json::object(document);
    if failure::is_one(answer.error) {
        return Err(IsError);
    }
    said.model = said.model.take().or_else(|| json::name(answer.model));
    said.usage = usage(answer.usage).or(said.usage);
    let choice = json::list::<1>(answer.choices).first().copied();
    let choice: Option<Choice<'a>> = choice.map(|choice| json::object(Some(choice)));
    if let Some(choice) = &choice {
        said.end = json::text(choice.finish_reason).or_else(|| said.end.take());
    }
    Ok(choice)
}

fn add(said: &mut Said, message: Message<'_>) {
    said.text.push_str(&content(message.content));
    said.refusal
        .push_str(&json::text(message.refusal).unwrap_or_default());
    let thoughts = [message.reasoning_content, message.reasoning];
    said.has_thought |= thoughts.into_iter().any(|part| part.is_some());
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

fn usage(usage: Part<'_>) -> Option<Usage> {
    let usage: Tokens<'_> = json::object(usage);
    let details: Details<'_> = json::object(usage.prompt_tokens_details);
    completion::usage(
        json::number(usage.prompt_tokens),
        json::number(details.cached_tokens),
        json::number(usage.completion_tokens),
    )
}
