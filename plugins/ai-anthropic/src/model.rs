//! Whether address, key and model work together.

use crate::{Config, answer::Messages, ask, endpoint::Endpoint, failure, send};
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
    r#type: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
}

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
            let response = ask(config, ping)?;
            // It may be empty: a token is not much.
            completion::read::<Messages>(&response, false).map(drop)
        },
    )
}

/// None: what the server says is not about a model. Errors have an `id`, too. The API says neither
/// who made a model nor when, in seconds.
fn described(body: &[u8], asked: &str) -> Option<ModelInfo> {
    let model: Model<'_> = json::object(json::document(body));
    let id = json::name(model.id)?;
    let is_model = json::text(model.r#type).is_some_and(|kind| kind == "model");
    let is_one = (is_model || id == asked) && model.error.is_none();
    is_one.then(|| completion::named(id))
}
