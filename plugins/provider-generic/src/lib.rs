//! Any sender of JSON or forms: a mapping that an administrator writes says what event a delivery
//! is.

mod body;
mod challenge;
mod event;
mod expression;
mod mapping;
mod preset;
mod problem;
mod proof;

#[cfg(test)]
mod tests;

use mapping::Mapping;
use problem::problem;
use push_notify_sdk::{
    Challenge, Delivery, MappingProblem, Mappings, Misfit, Preset, Provider, Rejection, Secret,
    Webhook, clock, crypto, delivery::excerpt, log, provider,
};
use serde::Deserialize;
use serde_json::{Map, Value};

pub struct Generic;

provider!(Generic: mapping);

/// What a repository of this type carries.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    url: String,
    webhook_secret: Option<Secret>,
    mapping: Map<String, Value>,
    /// What is repeated: a parameter of the query, or a JSON pointer into the body.
    challenge: String,
    #[serde(flatten)]
    proof: proof::Settings,
}

impl Provider for Generic {
    type Config = Config;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        proof::check(&webhook, &config.proof, config.webhook_secret.as_ref())?;
        delivery(&webhook, &config).map_err(|misfit| match misfit {
            Misfit::Ignored(why) => Rejection::Ignored(why),
            Misfit::Faulty(problems) => {
                let told = problems.iter().map(|it| format!("{}: {}", it.field, it.en));
                let told = told.collect::<Vec<_>>().join("; ");
                log::warn(excerpt(&told));
                Rejection::Malformed(excerpt(&told).into_owned())
            }
        })
    }

    fn challenge(webhook: &Webhook, config: &Config) -> Option<Challenge> {
        challenge::answer(webhook, config)
    }
}

/// Without an id of the sender's, a delivery in the same words within this time is the same one.
const SAME_WITHIN_MS: u64 = 10 * 60 * 1000;

impl Mappings for Generic {
    fn presets() -> Vec<Preset> {
        preset::all()
    }

    fn check(config: Config) -> Vec<MappingProblem> {
        Mapping::parse(&config.mapping).err().unwrap_or_default()
    }

    fn preview(webhook: Webhook, config: Config) -> Result<Delivery, Misfit> {
        delivery(&webhook, &config)
    }
}

fn delivery(webhook: &Webhook, config: &Config) -> Result<Delivery, Misfit> {
    let mapping = Mapping::parse(&config.mapping).map_err(Misfit::Faulty)?;
    let data = body::data(webhook, &config.proof);
    let data = data.map_err(|fault| Misfit::Faulty(vec![fault]))?;
    let items = mapping.items(&data)?;
    if items.len() > mapping::MOST_EVENTS {
        let (zh, en) = (
            format!("有{}个元素，最多{}个", items.len(), mapping::MOST_EVENTS),
            format!(
                "has {} elements, at most {} make events",
                items.len(),
                mapping::MOST_EVENTS
            ),
        );
        return Err(Misfit::Faulty(vec![problem("each", zh, en)]));
    }
    let mut events = Vec::with_capacity(items.len());
    let mut ignored = None;
    let mut id = None;
    for item in items {
        let scene = data.scene(item);
        if let Some(why) = mapping.ignores(&scene)? {
            ignored.get_or_insert(why);
            continue;
        }
        if id.is_none() {
            id = mapping.text("id", &scene)?;
        }
        events.push(event::event(&mapping, &scene, &config.url).map_err(Misfit::Faulty)?);
    }
    if events.is_empty() {
        let why = ignored.unwrap_or_else(|| "the list of `each` is empty".to_owned());
        return Err(Misfit::Ignored(why));
    }
    let id = id.or_else(|| proof::delivery_id(webhook, &config.proof));
    Ok(Delivery {
        id: Some(id.unwrap_or_else(|| made_id(webhook))),
        effect: None,
        events,
    })
}

/// Many senders say the same in the same words each time that something breaks: that is another
/// delivery, while one that is tried again is not. The engine would take both for the same.
fn made_id(webhook: &Webhook) -> String {
    let slot = clock::now_ms() / SAME_WITHIN_MS;
    let place = format!("{slot}\n{}?{}\n", webhook.path, webhook.query);
    crypto::hex(crypto::sha256([place.as_bytes(), &webhook.body].concat()))
}
