//! Whether address, key and model work together.

use crate::{Config, answer, ask, endpoint::Endpoint, failure, send};
use push_notify_sdk::{
    AiRequest, Failure, ModelInfo, Role, Turn,
    completion::json::{self, Part},
    http,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Model<'a> {
    #[serde(borrow)]
    id: Part<'a>,
    #[serde(borrow)]
    r#type: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
}

/// Asks for the model's description, which costs nothing. A server without such a thing is asked for an answer of one token.
pub(crate) fn probe(config: &Config) -> Result<ModelInfo, Failure> {
    let url = Endpoint::new(&config.api_url).model(&config.model);
    let response = send(config, http::get(url))?;
    if !matches!(response.status, 400 | 403..=405 | 501) {
        let response = failure::check(response)?;
        if let Some(id) = described(&response.body, &config.model) {
            return Ok(info(id));
        }
    }
    answered(config)
}

/// The model's name. None: what the server says is not about a model. Errors have an `id`, too.
fn described(body: &[u8], asked: &str) -> Option<String> {
    let model: Model<'_> = json::object(json::document(body));
    let id = json::name(model.id)?;
    let is_model = json::text(model.r#type).is_some_and(|kind| kind == "model");
    ((is_model || id == asked) && model.error.is_none()).then_some(id)
}

fn answered(config: &Config) -> Result<ModelInfo, Failure> {
    let request = AiRequest {
        turns: vec![Turn {
            role: Role::User,
            text: "ping".to_owned(),
        }],
        json: false,
        max_tokens: Some(1),
    };
    let response = ask(config, &request)?;
    // It may be empty: a token is not much.
    answer::read(&response, false).map(|_| info(config.model.clone()))
}

/// The API says neither who made a model nor when, in seconds.
fn info(id: String) -> ModelInfo {
    ModelInfo {
        id,
        owned_by: None,
        created: None,
    }
}
