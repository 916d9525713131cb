//! An answer in pieces: <https://docs.anthropic.com/en/docs/build-with-claude/streaming>.

use super::{Said, Tokens, usage};
use crate::failure;
use push_notify_sdk::{
    Failure, Usage,
    completion::{
        self,
        json::{self, Part},
    },
    http::Response,
};
use serde::Deserialize;
use std::borrow::Cow;

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

/// The message at its beginning, without what is in it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    #[serde(borrow)]
    model: Part<'a>,
    #[serde(borrow)]
    usage: Part<'a>,
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

pub(super) fn read(response: &Response, events: &[Cow<'_, [u8]>]) -> Result<Said, Failure> {
    let mut said = Said::default();
    let (mut has_begun, mut has_ended) = (false, false);
    for event in events {
        let Some(document) = json::document(event) else {
            // The last one was cut off, or it is none of a model.
            continue;
        };
        let event_read: Event<'_> = json::object(Some(document));
        if event_read.error.is_some() {
            let body = event.clone().into_owned();
            return Err(failure::inside(&Response {
                body,
                ..response.clone()
            }));
        }
        let delta: Delta<'_> = json::object(event_read.delta);
        match json::text(event_read.r#type).as_deref() {
            Some("message_start") => {
                let message: Message<'_> = json::object(event_read.message);
                has_begun = true;
                said.model = json::name(message.model);
                said.usage = usage(message.usage);
            }
            Some("content_block_start") => said.add(json::object(event_read.content_block)),
            Some("content_block_delta") => {
                said.text
                    .push_str(&json::text(delta.text).unwrap_or_default());
                said.has_thought |= delta.thinking.is_some();
            }
            Some("message_delta") => {
                said.stop_reason = json::text(delta.stop_reason).or(said.stop_reason);
                said.usage = counted(said.usage, event_read.usage);
            }
            Some("message_stop") => has_ended = true,
            _ => {}
        }
    }
    match (has_begun, has_ended || said.stop_reason.is_some()) {
        (false, _) => Err(completion::without(response, "content")),
        (true, false) => Err(Failure::retry("the answer is cut off")),
        (true, true) => Ok(said),
    }
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
