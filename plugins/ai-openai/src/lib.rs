//! Chat completions as OpenAI has them, which many vendors and servers copy:
//! <https://platform.openai.com/docs/api-reference/chat>. Copies differ in detail, so nothing of an answer is taken for granted.

mod answer;
mod endpoint;
mod failure;
mod model;
mod request;
#[cfg(test)]
mod tests;

use endpoint::Endpoint;
use push_notify_sdk::{
    Ai, AiRequest, Completion, Failure, ModelInfo, Secret, ai, completion, http, http::Response,
};
use request::{Dialect, Parameters, TokenLimit};

#[derive(serde::Deserialize)]
pub struct Config {
    api_url: String,
    api_key: Secret,
    model: String,
    #[serde(flatten)]
    parameters: Parameters,
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
        answer::completion(&response, request.json)
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
    let mut request = request.header("authorization", format!("Bearer {}", config.api_key));
    if let Some(seconds) = config.timeout {
        request = request.timeout_ms(seconds.saturating_mul(1000));
    }
    let answer = request.send().map_err(completion::of_request)?;
    Ok(completion::received(answer))
}

fn yes() -> bool {
    true
}
