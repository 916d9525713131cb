//! Chat as Ollama has it: <https://docs.ollama.com/api/chat>. Of its two APIs the one where the
//! length of the context can be set: by the other, a long question is cut without a word.

mod answer;
mod context;
mod endpoint;
mod failure;
mod model;
mod request;
#[cfg(test)]
mod tests;

use endpoint::Endpoint;
use push_notify_sdk::{
    Ai, AiRequest, Completion, Failure, ModelInfo, Secret, ai,
    completion::{self, Penalties, Sampling},
    http::{self, Response},
};
use request::Body;

#[derive(serde::Deserialize)]
pub struct Config {
    api_url: String,
    #[serde(default)]
    api_key: Option<Secret>,
    model: String,
    #[serde(flatten)]
    sampling: Sampling,
    #[serde(flatten)]
    penalties: Penalties,
    #[serde(default)]
    max_tokens: Option<u32>,
    #[serde(default)]
    num_ctx: Option<u32>,
    #[serde(default)]
    think: Option<bool>,
    #[serde(default = "yes")]
    json_mode: bool,
    #[serde(default)]
    keep_alive: Option<String>,
    /// In seconds.
    #[serde(default)]
    timeout: Option<u32>,
}

pub struct Ollama;

ai!(Ollama);

impl Ai for Ollama {
    type Config = Config;

    fn complete(config: Config, request: AiRequest) -> Result<Completion, Failure> {
        let url = Endpoint::new(&config.api_url).chat();
        let body = Body::new(&config, &request);
        let response = send(&config, http::post(url).json(&body))?;
        let response = failure::check(&config.model, response)?;
        answer::completion(&config.model, &response, request.json)
    }

    fn probe(config: Config) -> Result<ModelInfo, Failure> {
        model::probe(&config)
    }
}

pub(crate) fn send(config: &Config, request: http::Request) -> Result<Response, Failure> {
    let key = config.api_key.as_ref().filter(|key| !key.is_empty());
    let request = match key {
        Some(key) => completion::bearing(request, key),
        None => request,
    };
    completion::send(request, config.timeout)
}

fn yes() -> bool {
    true
}
