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
    object: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
    #[serde(borrow)]
    owned_by: Part<'a>,
    #[serde(borrow)]
    created: Part<'a>,
}

/// How OpenAI's reasoning models refuse to think for one token only; nothing else is wrong then.
const TOO_SHORT: &str = "output limit was reached";

/// Asks for the model's description, which costs nothing. A server without such a thing, or a key that may not read it, is asked
/// for an answer of one token.
pub(crate) fn probe(config: &Config) -> Result<ModelInfo, Failure> {
    let url = Endpoint::new(&config.api_url).model(&config.model);
    let response = send(config, http::get(url))?;
    if !matches!(response.status, 400 | 403..=405 | 501) {
        let response = failure::check(response)?;
        if let Some(info) = described(&response.body, &config.model) {
            return Ok(info);
        }
    }
    answered(config)
}

/// None: what the server says is not about a model. Errors have an `id`, too.
fn described(body: &[u8], asked: &str) -> Option<ModelInfo> {
    let model: Model<'_> = json::object(json::document(body));
    let id = json::name(model.id)?;
    // Some put a path in front of the name.
    let is_asked = id.rsplit('/').next() == asked.rsplit('/').next();
    let is_model = json::text(model.object).is_some_and(|object| object == "model");
    let is_one = (is_model || is_asked) && !failure::is_one(model.error);
    is_one.then(|| ModelInfo {
        id,
        owned_by: json::name(model.owned_by),
        created: json::number(model.created),
    })
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
    match ask(config, &request) {
        // It may be empty: a token is not much.
        Ok(response) => answer::read(&response, false).map(|_| named(config)),
        Err(Failure::Rejected(reason)) if reason.contains(TOO_SHORT) => Ok(named(config)),
        Err(failure) => Err(failure),
    }
}

fn named(config: &Config) -> ModelInfo {
    ModelInfo {
        id: config.model.clone(),
        owned_by: None,
        created: None,
    }
}
