//! What values must be, beyond their type.

use super::{Config, Role};
use crate::{
    calendar,
    i18n::Locale,
    secret::{BLANKS_AROUND, has_blanks_around},
};
use push_notify_manifest::is_host;
use std::{fs, path::Path};
use url::Url;

/// What is found, by the key that is to be changed.
pub(super) type Found = Vec<(&'static str, String)>;

/// What cannot work.
pub(super) fn contradictions(config: &Config) -> Found {
    let mut found: Found = Vec::new();
    found.extend(zeros(config));
    found.extend(times(config));
    found.extend(forms(config));
    found.extend(addresses(config));
    found.extend(databases(config));
    found.extend(roles(config));
    found.extend(traces(config));
    found.extend(blanks(config));
    found
}

/// Keys that must be more than 0.
fn zeros(config: &Config) -> Found {
    let positive = [
        ("auth.access_seconds", config.auth.access_seconds),
        ("auth.refresh_seconds", config.auth.refresh_seconds),
        ("auth.lock_after", config.auth.lock_after.into()),
        ("auth.lock_minutes", config.auth.lock_minutes.into()),
        ("connections.most", config.connections.most as u64),
        (
            "connections.per_address",
            config.connections.per_address as u64,
        ),
        ("connections.head_seconds", config.connections.head_seconds),
        ("connections.body_seconds", config.connections.body_seconds),
        (
            "connections.grace_seconds",
            config.connections.grace_seconds,
        ),
        (
            "connections.least_bytes_per_second",
            config.connections.least_bytes_per_second,
        ),
        ("database.connections", config.database.connections.into()),
        ("delivery.max_attempts", config.delivery.max_attempts.into()),
        ("delivery.lease_seconds", config.delivery.lease_seconds),
        ("delivery.concurrency", config.delivery.concurrency as u64),
        ("delivery.per_target", config.delivery.per_target as u64),
        ("delivery.queue", config.delivery.queue as u64),
        ("review.concurrency", config.review.concurrency as u64),
        ("review.per_repo", config.review.per_repo as u64),
        ("review.deadline_seconds", config.review.deadline_seconds),
        ("review.max_attempts", config.review.max_attempts.into()),
        ("review.max_diff_kib", config.review.max_diff_kib as u64),
        (
            "server.max_webhook_bytes",
            config.server.max_webhook_bytes as u64,
        ),
        ("server.max_body_bytes", config.server.max_body_bytes as u64),
        ("webhook.memory_mib", config.webhook.memory_mib.into()),
        ("plugins.memory_mib", config.plugins.memory_mib.into()),
        ("plugins.timeout_ms", config.plugins.timeout_ms),
        ("plugins.ai_timeout_ms", config.plugins.ai_timeout_ms),
        ("plugins.cpu_ms", config.plugins.cpu_ms),
        ("log.file_max_mib", config.log.file_max_mib.into()),
    ];
    let zeros = positive.into_iter().filter(|(_, value)| *value == 0);
    zeros
        .map(|(key, _)| (key, "must not be 0".to_owned()))
        .collect()
}

fn times(config: &Config) -> Found {
    let mut found = Vec::new();
    let (lease, call) = (config.delivery.lease_seconds, config.plugins.timeout_ms);
    if lease > 0 && lease.saturating_mul(1000) <= call {
        let least = call / 1000 + 1;
        found.push((
            "delivery.lease_seconds",
            format!(
                "must be longer than `plugins.timeout_ms` ({call} ms), or a send in progress is taken for dead: at least {least}, \
                 or shorten the other"
            ),
        ));
    }
    let (base, cap) = (
        config.delivery.backoff_base_ms,
        config.delivery.backoff_cap_ms,
    );
    if base > cap {
        found.push((
            "delivery.backoff_cap_ms",
            format!("must be at least `delivery.backoff_base_ms` ({base})"),
        ));
    }
    let (base, cap) = (
        config.delivery.breaker_base_ms,
        config.delivery.breaker_cap_ms,
    );
    if !(1..=cap).contains(&base) {
        found.push((
            "delivery.breaker_base_ms",
            format!(
                "must be from 1 to `delivery.breaker_cap_ms` ({cap}); to have no breakers, set `delivery.breaker_after` to 0"
            ),
        ));
    }
    let (access, refresh) = (config.auth.access_seconds, config.auth.refresh_seconds);
    if refresh < access {
        found.push((
            "auth.refresh_seconds",
            format!("must be at least `auth.access_seconds` ({access}), or it is of no use"),
        ));
    }
    let (days, failed) = (
        config.retention.keep_days,
        config.retention.keep_failed_days,
    );
    if failed > 0 && (days == 0 || failed < days) {
        let days = if days == 0 {
            "for ever".to_owned()
        } else {
            days.to_string()
        };
        found.push((
            "retention.keep_failed_days",
            format!(
                "must be 0 or at least `retention.keep_days` ({days}): dead letters are kept for longer than what was delivered"
            ),
        ));
    }
    found
}

fn forms(config: &Config) -> Found {
    let mut found = Vec::new();
    if let Err(error) = super::text_filter(&config.log) {
        found.push(("log.level", error.to_string()));
    }
    let plugins = config.plugins.dir.as_str();
    if !plugins.is_empty() && !Path::new(plugins).is_dir() {
        found.push(("plugins.dir", format!("{plugins} is not a folder")));
    }
    let review = &config.review;
    // Below, the instructions alone would take all of it; above, a template cannot hold it.
    if !(1000..=60_000).contains(&review.question_tokens) {
        found.push((
            "review.question_tokens",
            "must be from 1000 to 60000".to_owned(),
        ));
    }
    if review.max_tokens < 4_000 {
        found.push((
            "review.max_tokens",
            "must be at least 4000: with less no question can be asked".to_owned(),
        ));
    }
    found
}

fn addresses(config: &Config) -> Found {
    let mut found = Vec::new();
    let public_url = &config.server.public_url;
    let is_sound = public_url.is_empty()
        || Url::parse(public_url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none());
    if !is_sound {
        found.push((
            "server.public_url",
            "must be empty or a URL such as https://notify.example.com".to_owned(),
        ));
    }
    for origin in &config.cors.origins {
        let is_origin = origin == "*"
            || Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == *origin);
        if !is_origin {
            found.push((
                "cors.origins",
                format!("`{origin}` is not an origin such as https://console.example.com"),
            ));
        }
    }
    let zone = &config.server.timezone;
    if !zone.is_empty() && calendar::zone(zone).is_none() {
        found.push((
            "server.timezone",
            "must be an IANA time zone such as Asia/Shanghai, or empty for the system's".to_owned(),
        ));
    }
    if Locale::of_tag(&config.server.language).is_none() {
        let tags = Locale::TAGS.join(" or ");
        found.push(("server.language", format!("must be {tags}")));
    }
    let mail = &config.mail;
    if !mail.smtp_host.is_empty() && mail.from.parse::<lettre::message::Mailbox>().is_err() {
        found.push((
            "mail.from",
            "must be an address such as \"Push Notify <notify@example.com>\"".to_owned(),
        ));
    }
    let named = [
        ("mail.smtp_host", &mail.smtp_host, "smtp.example.com"),
        ("mail.ehlo_name", &mail.ehlo_name, "push.example.com"),
    ];
    for (key, host, example) in named {
        let is_sound = host.is_empty() || (host.is_ascii() && is_host(host));
        if !is_sound {
            let problem = format!(
                "must be a host name or address such as {example}, without a scheme or port"
            );
            found.push((key, problem));
        }
    }
    for path in &config.network.extra_roots {
        if let Err(error) = fs::metadata(path) {
            found.push((
                "network.extra_roots",
                format!("cannot read {}: {error}", path.display()),
            ));
        }
    }
    found
}

fn roles(config: &Config) -> Found {
    let roles = &config.server.roles;
    let problem = if roles.is_empty() {
        "must name at least one of \"api\" and \"worker\""
    } else if roles.contains(&Role::Api) && roles.contains(&Role::Worker)
        || config.database.is_postgres()
    {
        return vec![];
    } else {
        "on SQLite one server does everything: name both roles (\"api\", \"worker\"), or share a PostgreSQL (`database.url`)"
    };
    vec![("server.roles", problem.to_owned())]
}

fn traces(config: &Config) -> Found {
    let mut found = Vec::new();
    let endpoint = &config.otel.endpoint;
    let is_sound = endpoint.is_empty()
        || Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_sound {
        found.push((
            "otel.endpoint",
            "must be empty or the URL of a collector such as http://collector:4318".to_owned(),
        ));
    }
    if !(0.0..=1.0).contains(&config.otel.sample_ratio) {
        found.push((
            "otel.sample_ratio",
            "must be from 0.0 (no trace) to 1.0 (all)".to_owned(),
        ));
    }
    found
}

/// Secrets that were pasted with more than themselves. (Those of `secrets` lose it where they are
/// read, and the first administrator's password is whatever somebody types at the login.)
fn blanks(config: &Config) -> Found {
    let mut secrets = vec![
        ("mail.password", config.mail.password.as_str()),
        ("metrics.token", config.metrics.token.as_str()),
    ];
    let headers = config.otel.headers.values();
    secrets.extend(headers.map(|value| ("otel.headers", value.as_str())));
    secrets.retain(|(_, secret)| has_blanks_around(secret));
    secrets
        .into_iter()
        .map(|(key, _)| (key, BLANKS_AROUND.as_str(Locale::English).to_owned()))
        .collect()
}

fn databases(config: &Config) -> Found {
    let mut found = Vec::new();
    let url = config.database.url.as_str();
    if config.database.is_postgres() {
        // Also the form with a socket's folder in place of the host.
        let has_host = Url::parse(url).is_ok_and(|url| {
            url.host_str().is_some_and(|host| !host.is_empty())
                || url.query_pairs().any(|(name, _)| name == "host")
        });
        if !has_host {
            found.push((
                "database.url",
                "must name a host, such as postgres://user:password@db.example.com/push_notify; of a socket, its folder: \
                 postgres:///push_notify?host=/run/postgresql"
                    .to_owned(),
            ));
        }
    } else if url != "sqlite" && !url.starts_with("sqlite:") {
        found.push((
            "database.url",
            "must be \"sqlite\", sqlite://FILE or postgres://...".to_owned(),
        ));
    }
    let redis = config.redis.url.as_str();
    if !redis.is_empty() && redis::Client::open(redis).is_err() {
        found.push((
            "redis.url",
            "must be a URL such as redis://cache.example.com:6379".to_owned(),
        ));
    }
    found
}
