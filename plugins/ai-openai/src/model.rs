//! Whether address, key and model work together.

use crate::{Config, answer::ChatCompletions, ask, endpoint::Endpoint, failure, send};
use push_notify_sdk::{
    Failure, ModelInfo,
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

pub(crate) fn probe(config: &Config) -> Result<ModelInfo, Failure> {
    let url = Endpoint::new(&config.api_url).model(&config.model);
    let description = send(config, http::get(url))?;
    let described = |body: &[u8]| described(body, &config.model);
    completion::probe(
        &config.model,
        description,
        failure::check,
        described,
        |ping| {
            match ask(config, ping) {
                // It may be empty: a token is not much.
                Ok(response) => completion::read::<ChatCompletions>(&response, false).map(drop),
                Err(Failure::Rejected(reason)) if reason.contains(TOO_SHORT) => Ok(()),
                Err(failure) => Err(failure),
            }
        },
    )
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
