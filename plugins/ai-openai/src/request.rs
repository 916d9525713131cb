//! The body of a request, and what servers disagree about in it.

use crate::{Config, endpoint::Endpoint};
use push_notify_sdk::{AiRequest, Role, http::Response};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What an administrator may set; left out where it is not.
#[derive(Default, Clone, Deserialize, Serialize)]
pub(crate) struct Parameters {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presence_penalty: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frequency_penalty: Option<f64>,
    #[serde(skip_serializing)]
    max_tokens: Option<u32>,
}

/// Names of the parameters that an administrator has to change when a server refuses their values.
pub(crate) const SET_BY_HAND: [&str; 4] = [
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
];

/// How the bound of an answer is called. OpenAI's reasoning models refuse the old name; most others know no other.
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
    json: Json,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit {
    Old,
    New,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Json {
    Unwanted,
    ByFormat,
    ByPrompt,
}

#[derive(Serialize)]
pub(crate) struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(flatten)]
    parameters: &'a Parameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Cow<'a, str>,
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
            json: match (json, config.json_mode) {
                (false, _) => Json::Unwanted,
                (true, true) => Json::ByFormat,
                (true, false) => Json::ByPrompt,
            },
        }
    }

    pub(crate) fn body<'a>(self, config: &'a Config, request: &'a AiRequest) -> Body<'a> {
        let mut messages: Vec<Message<'_>> = request
            .turns
            .iter()
            .map(|turn| Message {
                role: role(turn.role),
                content: Cow::Borrowed(turn.text.as_str()),
            })
            .collect();
        // Servers refuse JSON mode when no message mentions JSON: a model that was not told would write blanks for ever.
        let mentioned = || request.turns.iter().any(|turn| mentions_json(&turn.text));
        if self.json != Json::Unwanted && !mentioned() {
            hint_at_json(&mut messages);
        }
        let limits = [config.parameters.max_tokens, request.max_tokens];
        let limit = limits.into_iter().flatten().min();
        let (max_tokens, max_completion_tokens) = match self.limit {
            Limit::Old => (limit, None),
            Limit::New => (None, limit),
        };
        Body {
            model: &config.model,
            messages,
            parameters: &config.parameters,
            max_tokens,
            max_completion_tokens,
            response_format: (self.json == Json::ByFormat).then_some(Format {
                r#type: "json_object",
            }),
        }
    }

    /// What to try after this answer: the same without what the server refuses. None when the answer is not about that.
    pub(crate) fn understood(self, response: &Response) -> Option<Self> {
        if !matches!(response.status, 400 | 422) {
            return None;
        }
        let said = &response.body[..response.body.len().min(SEARCHED)];
        let said = String::from_utf8_lossy(said).to_lowercase();
        if self.json == Json::ByFormat && said.contains("response_format") {
            return Some(Self {
                json: Json::ByPrompt,
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

/// In the system message: some models' templates take one only, at the beginning.
fn hint_at_json(messages: &mut Vec<Message<'_>>) {
    const HINT: &str = "Answer with one JSON object and nothing else.";
    match messages.first_mut() {
        Some(first) if first.role == "system" => {
            first.content = Cow::Owned(format!("{}\n\n{HINT}", first.content));
        }
        _ => messages.insert(
            0,
            Message {
                role: "system",
                content: Cow::Borrowed(HINT),
            },
        ),
    }
}

fn mentions_json(text: &str) -> bool {
    text.as_bytes()
        .windows(4)
        .any(|word| word.eq_ignore_ascii_case(b"json"))
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}
