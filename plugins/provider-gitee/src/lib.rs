//! Gitee: webhooks, and the REST API, for what a review needs.
//!
//! Payloads: <https://help.gitee.com/webhook/gitee-webhook-push-data-format>.

mod api;
mod changes;
mod content;
mod draft;
mod file;
mod merge_request;
mod payload;
mod push;
mod replay;
mod review;
mod signature;
#[cfg(test)]
mod tests;

use api::Api;
use push_notify_sdk::{
    ChangePage, Delivery, Event, Failure, Provider, Published, Rejection, Review, Secret, Webhook,
    delivery, provider,
};
use serde::Deserialize;

/// What the engine says of the repository, how its webhook proves itself, and where the API is when the URL does not tell.
#[derive(Deserialize)]
pub struct Config {
    #[serde(default)]
    url: String,
    #[serde(default)]
    webhook_secret: Option<Secret>,
    #[serde(default)]
    access_token: Option<Secret>,
    #[serde(default)]
    api_url: Option<String>,
    #[serde(default)]
    signature: Mode,
}

/// What the webhook at Gitee is set to. A delivery does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Sign,
    Password,
}

pub struct Gitee;

provider!(Gitee);

impl Provider for Gitee {
    type Config = Config;

    fn receive(mut webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        signature::check(&webhook, &config)?;
        let name = webhook
            .header("x-gitee-event")
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        let json = delivery::json(&mut webhook)?;
        let name = match name {
            Some(name) => name,
            None => hook_name(json)?,
        };
        Ok(Delivery {
            // Gitee sends none.
            id: None,
            effect: None,
            event: normalise(&name, json, &config.url)?,
        })
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

/// The event's name in the payload, for deliveries that lost the header.
fn hook_name(json: &mut [u8]) -> Result<String, Rejection> {
    #[derive(Deserialize)]
    struct Named {
        hook_name: Option<String>,
    }
    let named: Named = delivery::parse(json, "Gitee")?;
    delivery::present(named.hook_name).ok_or_else(|| {
        Rejection::Malformed("there is no X-Gitee-Event header and no hook_name".to_owned())
    })
}

fn normalise(name: &str, json: &mut [u8], url: &str) -> Result<Event, Rejection> {
    match name {
        "Push Hook" | "push_hooks" | "Tag Push Hook" | "tag_push_hooks" => {
            push::event(delivery::parse(json, "Gitee")?)
        }
        "Merge Request Hook" | "merge_request_hooks" => {
            let request = delivery::parse(json, "Gitee")?;
            merge_request::event(request, json, url)
        }
        other => {
            delivery::parse::<serde::de::IgnoredAny>(json, "Gitee")?;
            let other = delivery::excerpt(other);
            Err(Rejection::Ignored(format!(
                "event {other} is of no interest"
            )))
        }
    }
}
