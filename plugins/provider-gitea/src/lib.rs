//! Gitea: webhooks, also of its relatives Forgejo and Gogs, which send nearly the same; and the REST API of Gitea and Forgejo, for what a
//! review needs.
//!
//! Payloads: <https://docs.gitea.com/usage/webhooks>.

mod api;
mod changes;
mod content;
mod diff;
mod file;
mod payload;
mod pull_request;
mod push;
mod refs;
mod review;
mod signature;
#[cfg(test)]
mod tests;

use api::Api;
use push_notify_sdk::{
    ChangePage, Delivery, Effect, Event, Failure, Provider, Published, Rejection, Review, Secret,
    Webhook, delivery, provider,
};

/// What the engine says of the repository, and where the API is when its URL does not tell.
#[derive(serde::Deserialize)]
pub struct Config {
    #[serde(default)]
    url: String,
    #[serde(default)]
    webhook_secret: Option<Secret>,
    #[serde(default)]
    access_token: Option<Secret>,
    #[serde(default)]
    api_url: Option<String>,
}

pub struct Gitea;

provider!(Gitea);

/// Forgejo sends Gitea's headers beside its own, and both send those of Gogs (and of GitHub): the most particular comes first.
const EVENT: [&str; 4] = [
    "x-forgejo-event",
    "x-gitea-event",
    "x-gitea-event-type",
    "x-gogs-event",
];
const DELIVERY: [&str; 3] = ["x-forgejo-delivery", "x-gitea-delivery", "x-gogs-delivery"];

impl Provider for Gitea {
    type Config = Config;

    fn receive(mut webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        let first = |names: &[&str]| present(&webhook, names).map(str::to_owned);
        let (name, id) = (first(&EVENT), first(&DELIVERY));
        let json = signature::payload(&mut webhook, config.webhook_secret.as_ref())?;
        let Some(name) = name else {
            return Err(Rejection::Malformed(
                "there is no X-Gitea-Event header".to_owned(),
            ));
        };
        let (event, effect) = normalise(&name, json)?;
        Ok(Delivery { id, effect, event })
    }

    fn changes(event: Event, from: Option<String>, config: Config) -> Result<ChangePage, Failure> {
        changes::changes(&Api::new(config)?, &event, from.as_deref())
    }

    fn content(event: Event, path: String, config: Config) -> Result<Option<String>, Failure> {
        content::content(&Api::new(config)?, &event, &path)
    }

    fn publish_review(event: Event, review: Review, config: Config) -> Result<Published, Failure> {
        review::publish(&Api::new(config)?, &event, &review)
    }

    fn probe(config: Config) -> Result<(), Failure> {
        Api::new(config)?.probe()
    }
}

/// The value of the first of these headers that has one.
fn present<'a>(webhook: &'a Webhook, names: &[&str]) -> Option<&'a str> {
    let mut values = names.iter().filter_map(|name| webhook.header(name));
    values.find(|value| !value.is_empty())
}

/// The event that `name` and its payload stand for, and its effect where the host may announce it a second time.
fn normalise(name: &str, json: &mut [u8]) -> Result<(Event, Option<Effect>), Rejection> {
    match name {
        "push" => push::event(delivery::parse(json, "Gitea")?),
        // The second is the finer name of pushing to a pull request; the action tells what happened under either.
        "pull_request" | "pull_request_sync" => {
            Ok((pull_request::event(delivery::parse(json, "Gitea")?)?, None))
        }
        "create" => refs::created(delivery::parse(json, "Gitea")?),
        "delete" => refs::deleted(delivery::parse(json, "Gitea")?),
        other => {
            delivery::parse::<serde::de::IgnoredAny>(json, "Gitea")?;
            let other = delivery::excerpt(other);
            Err(Rejection::Ignored(format!(
                "event {other} is of no interest"
            )))
        }
    }
}
