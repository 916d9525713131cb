//! The body of a request.

use crate::Config;
use push_notify_sdk::{
    AiRequest,
    completion::{self, Message, Sampling},
};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "String::is_empty")]
    system: String,
    messages: Vec<Message<'a>>,
    #[serde(flatten)]
    sampling: &'a Sampling,
}

/// The API wants a bound of the answer; no model refuses this one.
const MAX_TOKENS: u32 = 4096;

impl<'a> Body<'a> {
    /// What the system says stands beside the messages, and no message may be empty. JSON is asked
    /// for in words alone: the API's structured output wants a schema, and servers that copy the
    /// API do not have it.
    pub(crate) fn new(config: &'a Config, request: &'a AiRequest) -> Self {
        let (system, mut messages): (Vec<_>, Vec<_>) = completion::messages(request)
            .into_iter()
            .filter(|message| !message.content.trim().is_empty())
            .partition(|message| message.role == "system");
        let system: Vec<_> = system.into_iter().map(|message| message.content).collect();
        let mut system = system.join("\n\n");
        if messages.is_empty() {
            // One message there must be.
            messages.push(Message {
                role: "user",
                content: std::mem::take(&mut system).into(),
            });
        }
        let limit = completion::limit(config.max_tokens, request.max_tokens);
        Self {
            model: &config.model,
            max_tokens: limit.unwrap_or(MAX_TOKENS),
            system,
            messages,
            sampling: &config.sampling,
        }
    }
}
