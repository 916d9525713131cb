//! What a successful answer says.

use crate::failure;
use push_notify_sdk::{
    Completion, Failure, StopReason,
    completion::{
        self, Said,
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
    done: Part<'a>,
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
    #[serde(borrow)]
    thinking: Part<'a>,
}

/// `model` is the name that was asked for.
pub(crate) fn completion(
    model: &str,
    response: &Response,
    json: bool,
) -> Result<Completion, Failure> {
    let documents = match completion::lines(response) {
        // Proxies that keep no answer in one piece.
        Some(lines) => lines.into_iter().map(json::document).collect(),
        None => vec![json::document(&response.body)],
    };
    let mut said = Said::default();
    let mut last = Answer::default();
    for document in documents {
        let is_over = last.done.is_some_and(|done| done.get() == "true");
        let Some(document) = document.filter(|_| !is_over) else {
            return Err(completion::unreadable(response));
        };
        let answer: Answer<'_> = json::object(Some(document));
        if answer.error.is_some() {
            return Err(failure::inside(model, response, document.get().as_bytes()));
        }
        let message = answer.message;
        said.has_begun |= message.is_some_and(|message| message.get().starts_with('{'));
        let message: Message<'_> = json::object(message);
        said.text
            .push_str(&json::text(message.content).unwrap_or_default());
        said.has_thought |= message.thinking.is_some();
        last = answer;
    }
    if !said.has_begun {
        return Err(completion::without(response, "message"));
    }
    if last.done.is_some_and(|done| done.get() == "false") {
        return Err(Failure::retry("the answer is cut off"));
    }
    said.model = json::name(last.model);
    said.usage = completion::usage(
        json::number(last.prompt_eval_count),
        None,
        json::number(last.eval_count),
    );
    said.stopped(stop(last.done_reason), json).completion()
}

fn stop(reason: Part<'_>) -> StopReason {
    match json::text(reason).as_deref() {
        Some("stop") => StopReason::Complete,
        Some("length" | "max_tokens") => StopReason::Length,
        _ => StopReason::Other,
    }
}
