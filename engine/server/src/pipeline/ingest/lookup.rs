//! Which webhook a delivery is for when its path does not say so.

use super::pointer;
use crate::{
    http::extract::without_bom,
    pipeline::{Pipeline, Refusal},
};
use push_notify_core::id::RepoId;
use push_notify_host::{GitAddress, GitScheme, Webhook};
use std::collections::HashMap;
use tokio::task::spawn_blocking;

/// Longer ones are nobody's address.
const LONGEST_URL: usize = 500;
/// A body of more bytes takes too long to read for a thread that serves others.
const SMALL: usize = 64 * 1024;

/// A repository as the directory lists it.
pub(in crate::pipeline) struct Entry {
    pub repo_id: RepoId,
    pub provider: String,
    pub url: String,
    pub webhook_id: String,
}

pub(in crate::pipeline) struct Directory {
    by_id: HashMap<RepoId, (String, String)>,
    /// By provider and place.
    by_place: HashMap<(String, String), Vec<(RepoId, String)>>,
}

impl Directory {
    pub(in crate::pipeline) fn new(entries: Vec<Entry>) -> Self {
        let mut directory = Self {
            by_id: HashMap::new(),
            by_place: HashMap::new(),
        };
        for entry in entries {
            if let Some(place) = place(&entry.url) {
                let webhook = (entry.repo_id, entry.webhook_id.clone());
                let place = (entry.provider.clone(), place);
                directory.by_place.entry(place).or_default().push(webhook);
            }
            let webhook = (entry.provider, entry.webhook_id);
            directory.by_id.insert(entry.repo_id, webhook);
        }
        directory
    }
}

impl Pipeline {
    /// The webhook id of a repository of this provider.
    pub async fn webhook_of(&self, provider: &str, repo_id: RepoId) -> Result<String, Refusal> {
        let directory = self.caches.directory().await?;
        let known = directory.by_id.get(&repo_id);
        known
            .filter(|(of, _)| of == provider)
            .map(|(_, webhook_id)| webhook_id.clone())
            .ok_or(Refusal::Unknown)
    }

    /// The repositories, with their webhook ids, whose URL the body holds where the provider's
    /// manifest says. What it holds is a claim: each must still be authenticated.
    pub async fn webhooks_named_in(
        &self,
        provider: &str,
        webhook: &Webhook,
    ) -> Result<Vec<(RepoId, String)>, Refusal> {
        let body = webhook.body.clone();
        let places = self.app.host.dialects().repository_urls(provider);
        let named = if body.len() <= SMALL {
            urls(&body, &places)
        } else {
            let read = spawn_blocking(move || urls(&body, &places)).await;
            read.map_err(|error| Refusal::Malformed(error.to_string()))?
        };
        if named.is_empty() {
            let problem = "no repository is named in the body".to_owned();
            return Err(Refusal::Malformed(problem));
        }
        let directory = self.caches.directory().await?;
        let found = named.iter().find_map(|url| {
            let place = (provider.to_owned(), place(url)?);
            directory.by_place.get(&place)
        });
        found.cloned().ok_or(Refusal::Unknown)
    }
}

/// What the payload has at these places: JSON, or a form that holds it as `payload`.
fn urls(body: &[u8], places: &[String]) -> Vec<String> {
    let body = without_bom(body);
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') {
        return pointer::texts(body, places, LONGEST_URL);
    }
    let payload = url::form_urlencoded::parse(body).find(|(name, _)| name == "payload");
    let payload = payload.map(|(_, payload)| payload).unwrap_or_default();
    pointer::texts(without_bom(payload.as_bytes()), places, LONGEST_URL)
}

/// Host and path, the same for every way to write a repository's address:
/// `git.example.com/company/backend`. That of a whole server ends in a slash.
fn place(url: &str) -> Option<String> {
    let GitAddress {
        scheme,
        host,
        port,
        path,
    } = GitAddress::parse_source(url).ok()?;
    // A port tells web servers apart; that of SSH, and those that stand for http and https, say
    // nothing about them.
    let port = port
        .filter(|port| scheme != GitScheme::Ssh && !matches!(port, 80 | 443))
        .map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{host}{port}/{path}").to_lowercase())
}

#[cfg(test)]
mod tests;
