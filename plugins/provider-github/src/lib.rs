//! GitHub and GitHub Enterprise Server: webhooks, and the REST API, for what a review needs.
//!
//! Payloads: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

mod api;
mod changes;
mod content;
mod file;
mod link;
mod payload;
mod pull_request;
mod push;
mod review;
mod signature;
mod tag;
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

pub struct Github;

provider!(Github);

impl Provider for Github {
    type Config = Config;

    fn receive(mut webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        signature::check(&webhook, config.webhook_secret.as_ref())?;
        let header = |name| {
            webhook
                .header(name)
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
        };
        let id = header("x-github-delivery");
        let Some(name) = header("x-github-event") else {
            return Err(Rejection::Malformed(
                "there is no X-GitHub-Event header".to_owned(),
            ));
        };
        let (event, effect) = normalise(&name, delivery::json(&mut webhook)?)?;
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

/// The event that `name` and its payload stand for, and its effect where GitHub announces it a second time.
fn normalise(name: &str, json: &mut [u8]) -> Result<(Event, Option<Effect>), Rejection> {
    match name {
        "push" => push::event(delivery::parse(json, "GitHub")?),
        "pull_request" => Ok((pull_request::event(delivery::parse(json, "GitHub")?)?, None)),
        "create" => tag::event(delivery::parse(json, "GitHub")?, tag::Change::Created),
        "delete" => tag::event(delivery::parse(json, "GitHub")?, tag::Change::Deleted),
        _ => {
            delivery::parse::<serde::de::IgnoredAny>(json, "GitHub")?;
            Err(Rejection::Ignored(match name {
                "ping" => "ping".to_owned(),
                other => format!("event {} is of no interest", delivery::excerpt(other)),
            }))
        }
    }
}
