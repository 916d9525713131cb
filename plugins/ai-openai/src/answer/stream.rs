//! An answer in pieces: <https://platform.openai.com/docs/api-reference/chat/streaming>.

use super::{Answer, Choice, Said, usage};
use crate::failure;
use push_notify_sdk::{
    Failure,
    completion::{self, json},
    http::Response,
};
use std::borrow::Cow;

/// What marks the end.
const DONE: &[u8] = b"[DONE]";

pub(super) fn read(response: &Response, events: &[Cow<'_, [u8]>]) -> Result<Said, Failure> {
    let mut said = Said::default();
    let mut has_choices = false;
    let mut is_done = false;
    for event in events {
        if event.trim_ascii() == DONE {
            is_done = true;
            continue;
        }
        let Some(document) = json::document(event) else {
            // The last one was cut off, or it is none of a model.
            continue;
        };
        let answer: Answer<'_> = json::object(Some(document));
        if failure::is_one(answer.error) {
            let body = event.clone().into_owned();
            return Err(failure::inside(&Response {
                body,
                ..response.clone()
            }));
        }
        said.model = said.model.or_else(|| json::name(answer.model));
        said.usage = usage(answer.usage).or(said.usage);
        let Some(choice) = json::list::<1>(answer.choices).first().copied() else {
            continue;
        };
        let choice: Choice<'_> = json::object(Some(choice));
        has_choices |= choice.delta.is_some() || choice.message.is_some();
        said.finish_reason = json::text(choice.finish_reason).or(said.finish_reason);
        said.add(json::object(choice.delta.or(choice.message)));
    }
    match (has_choices, is_done || said.finish_reason.is_some()) {
        (false, _) => Err(completion::without(response, "choices")),
        (true, false) => Err(Failure::retry("the answer is cut off")),
        (true, true) => Ok(said),
    }
}
