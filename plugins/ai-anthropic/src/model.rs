//! Whether address, key and model work together.

use crate::{Config, ask, endpoint::Endpoint, failure, send};
use push_notify_sdk::{
    AiRequest, Failure, ModelInfo, Role, Turn,
    completion::{
        self,
        json::{self, Part},
    },
    http,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Model<'a> {
    #[serde(borrow)]
    id: Part<'a>,
}

/// Asks for the model's description, which costs nothing. A server without such a thing is asked for an answer of one token.
pub(crate) fn probe(config: &Config) -> Result<ModelInfo, Failure> {
    let url = Endpoint::new(&config.api_url).model(&config.model);
    let response = send(config, http::get(url))?;
    if !matches!(response.status, 400 | 403..=405 | 501) {
        let response = failure::check(response)?;
        let model: Model<'_> = json::object(json::document(&response.body));
        if let Some(id) = json::name(model.id) {
            return Ok(info(id));
        }
    }
    answered(config)
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
    match json::document(&response.body) {
        Some(_) => Ok(info(config.model.clone())),
        None => Err(completion::unreadable(&response)),
    }
}

/// The API says neither who made a model nor when, in seconds.
fn info(id: String) -> ModelInfo {
    ModelInfo {
        id,
        owned_by: None,
        created: None,
    }
}
