//! GitLab.com and GitLab Self-Managed: webhooks of projects, of groups, and system hooks; and the REST API, for what a review needs.
//!
//! Payloads: <https://docs.gitlab.com/user/project/integrations/webhook_events/>,
//! <https://docs.gitlab.com/administration/system_hooks/>.

mod api;
mod auth;
mod changes;
mod content;
mod diff;
mod merge_request;
mod payload;
mod push;
mod review;
mod signature;
#[cfg(test)]
mod tests;
mod version;

use api::Api;

use push_notify_sdk::{
    ChangePage, Delivery, Event, Failure, Provider, Published, Rejection, Review, Secret, Webhook,
    delivery::{excerpt, parse, present},
    provider,
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

pub struct Gitlab;

provider!(Gitlab);

impl Provider for Gitlab {
    type Config = Config;

    fn receive(mut webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        auth::check(&webhook, config.webhook_secret.as_ref())?;
        // Both stay the same when GitLab tries again. The first is what a signature covers, so that it goes before.
        // X-Gitlab-Webhook-UUID is another in each attempt, and X-Gitlab-Event-UUID the same for all that one action caused.
        let id = ["webhook-id", "idempotency-key"]
            .into_iter()
            .find_map(|name| webhook.header(name).filter(|value| !value.is_empty()))
            .map(str::to_owned);
        let event = normalise(&mut webhook)?;
        Ok(Delivery {
            id,
            effect: None,
            event,
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

/// What a body says that it is. System hooks say it in `event_name` alone, most of them.
#[derive(serde::Deserialize)]
struct Kind {
    object_kind: Option<String>,
    event_name: Option<String>,
}

fn normalise(webhook: &mut Webhook) -> Result<Event, Rejection> {
    let header = webhook.header("x-gitlab-event").map(str::to_owned);
    let body = &mut webhook.body;
    let kind: Kind = parse(body, "GitLab")?;
    let named = present(kind.object_kind).or(present(kind.event_name));
    let kind = match (named.as_deref(), header.as_deref()) {
        (Some(kind), _) => kind,
        (None, Some("Push Hook")) => "push",
        (None, Some("Tag Push Hook")) => "tag_push",
        (None, Some("Merge Request Hook")) => "merge_request",
        (None, Some(other)) if !other.is_empty() => other,
        (None, _) => {
            let missing = "neither object_kind nor X-Gitlab-Event says what this is";
            return Err(Rejection::Malformed(missing.to_owned()));
        }
    };
    match kind {
        "push" | "tag_push" => push::event(parse(body, "GitLab")?),
        "merge_request" => merge_request::event(parse(body, "GitLab")?),
        other => {
            let other = excerpt(other);
            Err(Rejection::Ignored(format!(
                "event {other} is of no interest"
            )))
        }
    }
}
