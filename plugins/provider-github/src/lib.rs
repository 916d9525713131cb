//! Webhooks of GitHub and GitHub Enterprise Server.
//!
//! Payloads: <https://docs.github.com/en/webhooks/webhook-events-and-payloads>.

mod payload;
mod pull_request;
mod push;
mod signature;
mod tag;
#[cfg(test)]
mod tests;

use push_notify_sdk::{
    Delivery, Effect, Event, Provider, Rejection, Secret, Webhook, delivery, provider,
};

/// What the engine says of the repository; this plugin adds nothing of its own.
#[derive(serde::Deserialize)]
pub struct Config {
    #[serde(default)]
    webhook_secret: Option<Secret>,
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
}

/// The event that `name` and its payload stand for, and its effect where GitHub announces it a second time.
fn normalise(name: &str, json: &[u8]) -> Result<(Event, Option<Effect>), Rejection> {
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
