//! Receives webhooks of {id}.

#[cfg(test)]
mod tests;

use push_notify_sdk::{
    Commit, Delivery, Event, Provider, Rejection, Repository, Secret, Webhook, crypto, json,
    provider,
};

/// What every repository carries, and what plugin.toml declares.
#[derive(serde::Deserialize)]
struct Config {
    #[serde(default)]
    webhook_secret: Secret,
}

/// The parts of the host's JSON that matter.
#[derive(serde::Deserialize)]
struct Push {
    #[serde(rename = "ref")]
    git_ref: String,
    repository: String,
    commits: Vec<PushedCommit>,
}

#[derive(serde::Deserialize)]
struct PushedCommit {
    id: String,
    message: String,
}

struct PluginType;

impl Provider for PluginType {
    type Config = Config;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        authenticate(&webhook, &config.webhook_secret)?;
        match webhook.header("x-event") {
            Some("push") => {}
            other => {
                return Err(Rejection::Ignored(format!(
                    "event {}",
                    other.unwrap_or("without a name")
                )));
            }
        }
        let push: Push = json::read(&webhook.body)
            .map_err(|problem| Rejection::Malformed(problem.to_string()))?;
        Ok(Delivery {
            id: webhook.header("x-delivery").map(str::to_owned),
            effect: None,
            events: vec![normalise(push)],
        })
    }
}

/// Before anything else is looked at: the body must have been signed with the repository's secret.
fn authenticate(webhook: &Webhook, secret: &Secret) -> Result<(), Rejection> {
    let refused = |why: &str| Rejection::Unauthenticated(why.to_owned());
    if secret.is_empty() {
        return Err(refused("the repository has no webhook secret"));
    }
    let signature = webhook.header("x-signature").and_then(crypto::unhex);
    let signature = signature.ok_or_else(|| refused("no signature"))?;
    let expected = crypto::hmac_sha256(secret, &webhook.body);
    crypto::equal(signature, expected)
        .then_some(())
        .ok_or_else(|| refused("wrong signature"))
}

fn normalise(push: Push) -> Event {
    let commit = |commit: PushedCommit| Commit {
        id: commit.id,
        message: commit.message,
        ..Commit::default()
    };
    Event {
        kind: "push".to_owned(),
        branch: push.git_ref.strip_prefix("refs/heads/").map(str::to_owned),
        ref_: Some(push.git_ref),
        commits: push.commits.into_iter().map(commit).collect(),
        repository: Repository {
            full_name: push.repository,
            ..Repository::default()
        },
        ..Event::default()
    }
}

provider!(PluginType);
