//! Chat completions as OpenAI has them, which many vendors and servers copy:
//! <https://platform.openai.com/docs/api-reference/chat>. Copies differ in detail, so nothing of an
//! answer is taken for granted.

mod answer;
mod endpoint;
mod failure;
mod model;
mod request;
#[cfg(test)]
mod tests;

use answer::ChatCompletions;
use endpoint::Endpoint;
use push_notify_sdk::{
    Ai, AiRequest, Completion, Failure, ModelInfo, Secret, ai,
    completion::{self, Penalties, Sampling},
    http::{self, Response},
};
use request::{Dialect, TokenLimit};

#[derive(serde::Deserialize)]
pub struct Config {
    api_url: String,
    api_key: Secret,
    model: String,
    #[serde(flatten)]
    sampling: Sampling,
    #[serde(flatten)]
    penalties: Penalties,
    #[serde(default)]
    max_tokens: Option<u32>,
    /// In seconds.
    #[serde(default)]
    timeout: Option<u32>,
    #[serde(default)]
    token_limit: TokenLimit,
    #[serde(default = "yes")]
    json_mode: bool,
}

pub struct OpenAi;

ai!(OpenAi);

impl Ai for OpenAi {
    type Config = Config;

    fn complete(config: Config, request: AiRequest) -> Result<Completion, Failure> {
        let response = ask(&config, &request)?;
        completion::read::<ChatCompletions>(&response, request.json)?.completion()
    }

    fn probe(config: Config) -> Result<ModelInfo, Failure> {
        model::probe(&config)
    }
}

/// Asks the model, again without what the server says it does not know.
pub(crate) fn ask(config: &Config, request: &AiRequest) -> Result<Response, Failure> {
    let endpoint = Endpoint::new(&config.api_url);
    let mut dialect = Dialect::new(config, request.json, &endpoint);
    loop {
        let body = dialect.body(config, request);
        let response = send(config, http::post(endpoint.completions()).json(&body))?;
        match dialect.understood(&response) {
            Some(other) => dialect = other,
            None => return failure::check(response),
        }
    }
}

pub(crate) fn send(config: &Config, request: http::Request) -> Result<Response, Failure> {
    let request = completion::bearing(request, &config.api_key);
    completion::send(request, config.timeout)
}

fn yes() -> bool {
    true
}
