//! What an operator should know of a configuration that works.

use super::{Config, MailSecurity, Registration, rules::Found};
use crate::files;
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};
use url::Url;

/// What works, and is seldom meant.
pub(super) fn warnings(config: &Config) -> Found {
    let mut found = Vec::new();
    let server = &config.server;
    let is_public = !server.listen.ip().is_loopback();
    if is_public && !config.rate_limit.enabled {
        found.push((
            "rate_limit.enabled",
            format!(
                "is off while `server.listen` ({}) can be reached from elsewhere: passwords can be tried without end",
                server.listen
            ),
        ));
    }
    if is_public && server.public_url.is_empty() {
        found.push((
            "server.public_url",
            "is empty while the server can be reached from elsewhere: webhook URLs name the listening address".to_owned(),
        ));
    }
    if config.cors.origins.iter().any(|origin| origin == "*") {
        found.push((
            "cors.origins",
            "lets pages of any origin call the API: name those that should".to_owned(),
        ));
    }
    if server
        .trusted_proxies
        .iter()
        .any(|range| range.prefix_len() == 0)
    {
        found.push((
            "server.trusted_proxies",
            "believes X-Forwarded-For from anybody, who can so evade rate limits: name your proxies".to_owned(),
        ));
    }
    for (key, part, whole_key, whole) in [
        (
            "connections.per_address",
            config.connections.per_address,
            "connections.most",
            config.connections.most,
        ),
        (
            "delivery.per_target",
            config.delivery.per_target,
            "delivery.concurrency",
            config.delivery.concurrency,
        ),
        (
            "review.per_repo",
            config.review.per_repo,
            "review.concurrency",
            config.review.concurrency,
        ),
    ] {
        if part > whole {
            found.push((
                key,
                format!(
                    "is more than `{whole_key}` ({whole}): one of them can keep all others waiting"
                ),
            ));
        }
    }
    if config.auth.registration == Registration::Open {
        found.push((
            "auth.registration",
            "is \"open\": whoever reaches the server can make an account. It changes nothing, and sees only what is its own, until an \
             administrator confirms it: look at `GET /api/v1/users?confirmed=false`, and close the registration when nobody is \
             expected"
                .to_owned(),
        ));
    }
    let mail = &config.mail;
    if mail.security == MailSecurity::None && !mail.password.is_empty() {
        found.push((
            "mail.security",
            "sends `mail.password` in the clear: \"starttls\" or \"tls\" do not".to_owned(),
        ));
    }
    if config.secrets.accept_lost {
        found.push((
            "secrets.accept_lost",
            "is for one start after a key was lost: take it out again".to_owned(),
        ));
    }
    if let Some(file) = config.file.as_deref().filter(|file| is_open(file))
        && let [first, others @ ..] = &*secrets_in(file)
    {
        let too: String = others
            .iter()
            .map(|key| format!(", as does `{key}`"))
            .collect();
        found.push((
            *first,
            format!(
                "stands in {}{too}, and others can read that: run `chmod 600 {}`",
                file.display(),
                files::quoted(file)
            ),
        ));
    }
    found
}

/// The keys that hold a secret in the file itself. What the environment sets is not there.
fn secrets_in(file: &Path) -> Vec<&'static str> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap_or_default();
    let has = |key: &str, is_secret: &dyn Fn(&str) -> bool| {
        let value = key
            .split_once('.')
            .and_then(|(section, name)| table.get(section)?.get(name));
        match value {
            Some(toml::Value::String(text)) => is_secret(text),
            Some(toml::Value::Array(texts)) => !texts.is_empty(),
            _ => false,
        }
    };
    let is_given = |text: &str| !text.is_empty();
    let has_password = |url: &str| Url::parse(url).is_ok_and(|url| url.password().is_some());
    let mut keys = vec![];
    for key in [
        "secrets.key",
        "secrets.previous_keys",
        "auth.admin_password",
        "mail.password",
    ] {
        keys.extend(has(key, &is_given).then_some(key));
    }
    for key in ["database.url", "redis.url"] {
        keys.extend(has(key, &has_password).then_some(key));
    }
    keys
}

fn is_open(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests;
