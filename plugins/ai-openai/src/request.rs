//! The body of a request, and what servers disagree about in it.

use crate::{Config, endpoint::Endpoint};
use push_notify_sdk::{
    AiRequest,
    completion::{self, Message, Penalties, Sampling},
    http::Response,
};
use serde::{Deserialize, Serialize};

/// Names of the parameters that an administrator has to change when a server refuses their values.
pub(crate) const SET_BY_HAND: [&str; 4] = [
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
];

/// How the bound of an answer is called. OpenAI's reasoning models refuse the old name; most others
/// know no other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenLimit {
    #[default]
    Auto,
    MaxTokens,
    MaxCompletionTokens,
}

/// What a server is believed to understand.
#[derive(Clone, Copy)]
pub(crate) struct Dialect {
    limit: Limit,
    /// Whether the other name has not been tried and may be.
    other_limit: bool,
    /// Whether JSON is asked for by `response_format` too, not by the prompt alone.
    json_format: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit {
    Old,
    New,
}

#[derive(Serialize)]
pub(crate) struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(flatten)]
    sampling: &'a Sampling,
    #[serde(flatten)]
    penalties: &'a Penalties,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format>,
}

#[derive(Serialize)]
struct Format {
    r#type: &'static str,
}

/// How much of a refusal is searched for what it is about, in bytes.
const SEARCHED: usize = 4000;
/// How servers call a parameter that they do not take.
const REFUSED: [&str; 9] = [
    "unsupported",
    "not support",
    "n't support",
    "unknown",
    "unrecognized",
    "unexpected",
    "unavailable",
    "not permitted",
    "not allowed",
];

impl Dialect {
    pub(crate) fn new(config: &Config, json: bool, endpoint: &Endpoint) -> Self {
        let limit = match config.token_limit {
            TokenLimit::MaxCompletionTokens => Limit::New,
            TokenLimit::Auto if endpoint.is_openai() => Limit::New,
            TokenLimit::Auto | TokenLimit::MaxTokens => Limit::Old,
        };
        Self {
            limit,
            other_limit: config.token_limit == TokenLimit::Auto,
            json_format: json && config.json_mode,
        }
    }

    pub(crate) fn body<'a>(self, config: &'a Config, request: &'a AiRequest) -> Body<'a> {
        let limit = completion::limit(config.max_tokens, request.max_tokens);
        let (max_tokens, max_completion_tokens) = match self.limit {
            Limit::Old => (limit, None),
            Limit::New => (None, limit),
        };
        Body {
            model: &config.model,
            messages: completion::messages(request),
            sampling: &config.sampling,
            penalties: &config.penalties,
            max_tokens,
            max_completion_tokens,
            response_format: self.json_format.then_some(Format {
                r#type: "json_object",
            }),
        }
    }

    /// What to try after this answer: the same without what the server refuses. None when the
    /// answer is not about that.
    pub(crate) fn understood(self, response: &Response) -> Option<Self> {
        if !matches!(response.status, 400 | 422) {
            return None;
        }
        let said = &response.body[..response.body.len().min(SEARCHED)];
        let said = String::from_utf8_lossy(said).to_lowercase();
        if self.json_format && said.contains("response_format") {
            return Some(Self {
                json_format: false,
                ..self
            });
        }
        let (name, other) = match self.limit {
            Limit::Old => ("max_tokens", Limit::New),
            Limit::New => ("max_completion_tokens", Limit::Old),
        };
        let refused = said.contains(name) && REFUSED.iter().any(|word| said.contains(word));
        (self.other_limit && refused).then_some(Self {
            limit: other,
            other_limit: false,
            ..self
        })
    }
}
