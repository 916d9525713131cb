//! The body of a request.

use crate::{Config, context};
use push_notify_sdk::{
    AiRequest,
    completion::{self, Message, Penalties, Sampling},
};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    /// The server's own is true.
    stream: bool,
    /// A question that does not fit is refused, not cut, by servers that know this.
    truncate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    think: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keep_alive: Option<&'a str>,
    options: Options<'a>,
}

#[derive(Serialize)]
struct Options<'a> {
    num_ctx: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_predict: Option<u32>,
    #[serde(flatten)]
    sampling: &'a Sampling,
    #[serde(flatten)]
    penalties: &'a Penalties,
}

impl<'a> Body<'a> {
    pub(crate) fn new(config: &'a Config, request: &'a AiRequest) -> Self {
        let limit = completion::limit(config.max_tokens, request.max_tokens);
        let keep_alive = config.keep_alive.as_deref().map(str::trim);
        Self {
            model: &config.model,
            messages: completion::messages(request),
            stream: false,
            truncate: false,
            format: (request.json && config.json_mode).then_some("json"),
            think: config.think,
            keep_alive: keep_alive.filter(|time| !time.is_empty()),
            options: Options {
                num_ctx: config
                    .num_ctx
                    .unwrap_or_else(|| context::estimate(request, limit)),
                num_predict: limit,
                sampling: &config.sampling,
                penalties: &config.penalties,
            },
        }
    }
}
