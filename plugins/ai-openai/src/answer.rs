//! What a successful answer says.

mod stream;

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

/// What an answer comes to, whether in one piece or in many.
#[derive(Default)]
struct Said {
    text: String,
    refusal: String,
    /// It thought about something.
    has_thought: bool,
    finish_reason: Option<String>,
    model: Option<String>,
    usage: Option<Usage>,
}

pub(crate) fn completion(response: &Response, json: bool) -> Result<Completion, Failure> {
    let (completion, has_thought) = read(response, json)?;
    let has_ended = matches!(completion.stop, StopReason::Complete | StopReason::Other);
    if completion.text.is_empty() && has_thought && has_ended {
        return Err(completion::only_thought());
    }
    completion::checked(completion)
}

/// The answer, which may be empty, and whether the model thought about it.
pub(crate) fn read(response: &Response, json: bool) -> Result<(Completion, bool), Failure> {
    let said = match completion::events(response) {
        Some(events) => stream::read(response, &events)?,
        None => in_one(response)?,
    };
    let (text, stop) = match said.refusal.is_empty() {
        true => (
            completion::clean(&said.text, json),
            stop(said.finish_reason.as_deref())?,
        ),
        false => (said.refusal, StopReason::Refused),
    };
    let completion = Completion {
        text,
        model: said.model,
        usage: said.usage,
        stop,
    };
    Ok((completion, said.has_thought))
}

fn in_one(response: &Response) -> Result<Said, Failure> {
    let Some(document) = json::document(&response.body) else {
        return Err(completion::unreadable(response));
    };
    let answer: Answer<'_> = json::object(Some(document));
    if failure::is_one(answer.error) {
        // As aggregators do when a vendor behind them failed after they had begun to answer.
        return Err(failure::inside(response));
    }
    let choice = json::list::<1>(answer.choices).first().copied();
    let choice: Choice<'_> = json::object(choice);
    if !choice
        .message
        .is_some_and(|message| message.get().starts_with('{'))
    {
        return Err(failure::without_choices(response));
    }
    let mut said = Said {
        model: json::name(answer.model),
        usage: usage(answer.usage),
        finish_reason: json::text(choice.finish_reason),
        ..Said::default()
    };
    said.add(json::object(choice.message));
    Ok(said)
}

impl Said {
    fn add(&mut self, message: Message<'_>) {
        self.text.push_str(&content(message.content));
        self.refusal
            .push_str(&json::text(message.refusal).unwrap_or_default());
        let thoughts = [message.reasoning_content, message.reasoning];
        self.has_thought |= thoughts.into_iter().any(|part| part.is_some());
    }
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

fn stop(reason: Option<&str>) -> Result<StopReason, Failure> {
    let reason = reason.map(str::to_lowercase);
    Ok(match reason.as_deref() {
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

fn usage(usage: Part<'_>) -> Option<Usage> {
    let usage: Tokens<'_> = json::object(usage);
    let input = json::number(usage.prompt_tokens);
    let output = json::number(usage.completion_tokens);
    (input.is_some() || output.is_some()).then(|| Usage {
        input_tokens: input.unwrap_or(0),
        output_tokens: output.unwrap_or(0),
    })
}
