//! Messages as Anthropic has them: <https://docs.anthropic.com/en/api/messages>. Other vendors copy
//! the API, so nothing of an answer is taken for granted.

mod answer;
mod endpoint;
mod failure;
mod model;
mod request;
#[cfg(test)]
mod tests;

use answer::Messages;
use endpoint::Endpoint;
use push_notify_sdk::{
    Ai, AiRequest, Completion, Failure, ModelInfo, Secret, ai,
    completion::{self, Sampling},
    http::{self, Response},
};
use request::Body;

#[derive(serde::Deserialize)]
pub struct Config {
    api_url: String,
    api_key: Secret,
    model: String,
    #[serde(flatten)]
    sampling: Sampling,
    #[serde(default)]
    max_tokens: Option<u32>,
    /// In seconds.
    #[serde(default)]
    timeout: Option<u32>,
}

pub struct Anthropic;

ai!(Anthropic);

/// The version of the API; a newer one is asked for by its name.
const VERSION: &str = "2023-06-01";

impl Ai for Anthropic {
    type Config = Config;

    fn complete(config: Config, request: AiRequest) -> Result<Completion, Failure> {
        let response = ask(&config, &request)?;
        completion::read::<Messages>(&response, request.json)?.completion()
    }

    fn probe(config: Config) -> Result<ModelInfo, Failure> {
        model::probe(&config)
    }
}

pub(crate) fn ask(config: &Config, request: &AiRequest) -> Result<Response, Failure> {
    let url = Endpoint::new(&config.api_url).messages();
    let body = Body::new(config, request);
    let response = send(config, http::post(url).json(&body))?;
    failure::check(response)
}

pub(crate) fn send(config: &Config, request: http::Request) -> Result<Response, Failure> {
    let request = request
        .header("x-api-key", &config.api_key)
        .header("anthropic-version", VERSION);
    completion::send(request, config.timeout)
}
