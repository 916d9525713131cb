//! `GET /api/v1/repos/{id}/webhook-url`: what to enter at the Git host.

use super::{Repo, types::webhook_url};
use crate::{app::App, placeholder::fill};
use push_notify_core::i18n::Locale;
use push_notify_manifest::{Kind, Title, Webhook};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookSetup")]
pub struct Setup {
    webhook_url: String,
    /// Other addresses of the same webhook: by the repository's id, and by its URL in the payload,
    /// for this Git host or for any.
    alternatives: [String; 3],
    /// What the repository takes.
    webhook_events: Vec<String>,
    /// Line by line, in the language of the request. The secret itself is shown only when it is
    /// set.
    instructions: Vec<String>,
}

impl Setup {
    pub(super) fn of(app: &App, repo: Repo, locale: Locale) -> Self {
        let base = &app.public_base;
        let url = webhook_url(base, &repo.webhook_id);
        let manifest = app.host.manifest(Kind::Provider, &repo.kind);
        let webhook = manifest.map(|manifest| manifest.webhook.clone());
        let webhook = webhook.unwrap_or_default();
        let values = [
            ("url", url.clone()),
            ("secret", secret(locale).to_owned()),
            ("events", labels(&webhook, &repo.webhook_events, locale)),
        ];
        Self {
            alternatives: [
                format!("{base}/api/v1/webhooks/{}/{}", repo.kind, repo.id),
                format!("{base}/api/v1/webhooks/{}", repo.kind),
                format!("{base}/api/v1/webhooks"),
            ],
            instructions: lines(&webhook.setup.unwrap_or_default(), locale, &values),
            webhook_url: url,
            webhook_events: repo.webhook_events,
        }
    }
}

fn secret(locale: Locale) -> &'static str {
    match locale {
        Locale::Chinese => "（创建仓库时返回的 webhook_secret）",
        Locale::English => "(the webhook_secret that adding the repository returned)",
    }
}

/// What the host's own pages call these events, each once.
fn labels(webhook: &Webhook, events: &[String], locale: Locale) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for event in events {
        let title = webhook.events.get(event);
        let label = title.map_or(event.as_str(), |title| spoken(title, locale));
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.join(", ")
}

fn lines(title: &Title, locale: Locale, values: &[(&str, String)]) -> Vec<String> {
    spoken(title, locale)
        .lines()
        .map(|line| fill(line, values))
        .filter(|line| !line.is_empty())
        .collect()
}

fn spoken(title: &Title, locale: Locale) -> &str {
    match locale {
        Locale::Chinese if !title.zh.is_empty() => &title.zh,
        _ => &title.en,
    }
}
