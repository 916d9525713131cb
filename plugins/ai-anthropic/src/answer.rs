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

/// What an answer comes to, whether in one piece or in many.
#[derive(Default)]
struct Said {
    text: String,
    /// It thought about something.
    has_thought: bool,
    stop_reason: Option<String>,
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
    let completion = Completion {
        text: completion::clean(&said.text, json),
        model: said.model,
        usage: said.usage,
        stop: stop(said.stop_reason.as_deref()),
    };
    Ok((completion, said.has_thought))
}

fn in_one(response: &Response) -> Result<Said, Failure> {
    let Some(document) = json::document(&response.body) else {
        return Err(completion::unreadable(response));
    };
    let answer: Answer<'_> = json::object(Some(document));
    if answer.error.is_some() {
        return Err(failure::inside(response));
    }
    if !answer
        .content
        .is_some_and(|content| content.get().starts_with('['))
    {
        return Err(completion::without(response, "content"));
    }
    let mut said = Said {
        model: json::name(answer.model),
        usage: usage(answer.usage),
        stop_reason: json::text(answer.stop_reason),
        ..Said::default()
    };
    for block in json::list::<BLOCKS>(answer.content) {
        said.add(json::object(Some(block)));
    }
    Ok(said)
}

impl Said {
    fn add(&mut self, block: Block<'_>) {
        match json::text(block.r#type).as_deref() {
            Some("text") => self
                .text
                .push_str(&json::text(block.text).unwrap_or_default()),
            Some("thinking" | "redacted_thinking") => self.has_thought = true,
            _ => {}
        }
    }
}

fn stop(reason: Option<&str>) -> StopReason {
    match reason {
        Some("end_turn" | "stop_sequence") => StopReason::Complete,
        // By servers that copy the API, the words of another one.
        Some("max_tokens" | "model_context_window_exceeded" | "length" | "max_output_tokens") => {
            StopReason::Length
        }
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
