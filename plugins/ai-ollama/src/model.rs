//! Whether the server is there and has the model.

use crate::{Config, endpoint::Endpoint, failure, send};
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
struct Answer<'a> {
    #[serde(borrow)]
    models: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Model<'a> {
    #[serde(borrow)]
    name: Part<'a>,
}

const MODELS: usize = 10_000;

/// Looks the model up in the server's list, which loads nothing.
pub(crate) fn probe(config: &Config) -> Result<ModelInfo, Failure> {
    let url = Endpoint::new(&config.api_url).tags();
    let response = send(config, http::get(url))?;
    let response = failure::check(&config.model, response)?;
    let Some(document) = json::document(&response.body) else {
        return Err(completion::unreadable(&response));
    };
    let answer: Answer<'_> = json::object(Some(document));
    if answer.models.is_none() {
        let said = completion::words(&response);
        let what = "the server lists no models: the API address is not one of Ollama's";
        return Err(Failure::misconfigured(match said.is_empty() {
            true => what.to_owned(),
            false => format!("{what} ({})", completion::reason(response.status, &said)),
        }));
    }
    json::list::<MODELS>(answer.models)
        .into_iter()
        .map(|model| json::object::<Model<'_>>(Some(model)))
        .filter_map(|model| json::name(model.name))
        .find(|name| is_called(name, &config.model))
        .map(completion::named)
        .ok_or_else(|| failure::not_pulled(&config.model))
}

/// A name without a tag means the latest; case does not matter.
fn is_called(listed: &str, asked: &str) -> bool {
    let tagged = asked
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains(':'));
    let listed = match tagged {
        true => listed,
        false => listed.strip_suffix(":latest").unwrap_or(listed),
    };
    listed.eq_ignore_ascii_case(asked)
}
