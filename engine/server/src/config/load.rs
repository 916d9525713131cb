use super::{Config, Role};
use anyhow::Context as _;
use figment::{
    Figment,
    error::Kind,
    providers::{Env, Format as _, Toml},
};
use std::path::Path;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// The built-in defaults, then `file`, then `PUSH_NOTIFY_<SECTION>__<KEY>`. Fails with the key and what is wrong with it.
pub fn load(file: Option<&Path>) -> anyhow::Result<Config> {
    load_as(file, &[])
}

/// As [`load`]; `roles`, if there are any, come before `server.roles`.
pub fn load_as(file: Option<&Path>, roles: &[Role]) -> anyhow::Result<Config> {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(file) = file {
        // Read here: figment takes a missing file for an empty one.
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the configuration file {}", file.display()))?;
        // The parser's own message quotes the line, and the line may hold a password.
        let table = toml::from_str::<toml::Table>(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text
                .get(..at)
                .map_or(0, |before| before.lines().count().max(1));
            anyhow::anyhow!(
                "{} is not TOML: line {line}: {}",
                file.display(),
                error.message()
            )
        })?;
        figment = figment.merge(Toml::string(&toml::to_string(&table)?));
    }
    let environment = Env::prefixed("PUSH_NOTIFY_")
        .filter(|key| key.as_str().contains("__"))
        .split("__");
    let mut config: Config = figment
        .merge(environment)
        .extract()
        .map_err(|error| anyhow::anyhow!("configuration: {}", describe(error)))?;
    config.file = file.map(Path::to_owned);
    if !roles.is_empty() {
        config.server.roles = roles.to_vec();
    }
    check(&config)?;
    Ok(config)
}

/// figment's errors, one a line, each with its key.
fn describe(error: figment::Error) -> String {
    let lines = error.into_iter().map(|error| {
        let key = error.path.join(".");
        let problem = match error.kind {
            // Without the value: it may be a secret.
            Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
                format!("must be {expected}")
            }
            kind => kind.to_string(),
        };
        if key.is_empty() {
            problem
        } else {
            format!("`{key}`: {problem}")
        }
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn check(config: &Config) -> anyhow::Result<()> {
    let positive = [
        ("auth.lock_after", config.auth.lock_after as usize),
        ("auth.lock_minutes", config.auth.lock_minutes as usize),
        ("database.connections", config.database.connections as usize),
        (
            "delivery.max_attempts",
            config.delivery.max_attempts as usize,
        ),
        (
            "delivery.lease_seconds",
            config.delivery.lease_seconds as usize,
        ),
        ("delivery.concurrency", config.delivery.concurrency),
        ("delivery.per_target", config.delivery.per_target),
        ("delivery.queue", config.delivery.queue),
        ("review.concurrency", config.review.concurrency),
        ("review.per_repo", config.review.per_repo),
        (
            "review.deadline_seconds",
            config.review.deadline_seconds as usize,
        ),
        ("review.max_attempts", config.review.max_attempts as usize),
        ("review.max_diff_kib", config.review.max_diff_kib),
        ("server.max_webhook_bytes", config.server.max_webhook_bytes),
        ("server.max_body_bytes", config.server.max_body_bytes),
        ("webhook.memory_mib", config.webhook.memory_mib as usize),
        ("plugins.memory_mib", config.plugins.memory_mib as usize),
        ("plugins.timeout_ms", config.plugins.timeout_ms as usize),
        (
            "plugins.ai_timeout_ms",
            config.plugins.ai_timeout_ms as usize,
        ),
        ("plugins.cpu_ms", config.plugins.cpu_ms as usize),
        ("log.file_max_mib", config.log.file_max_mib as usize),
    ];
    for (key, value) in positive {
        anyhow::ensure!(value > 0, "configuration: `{key}` must not be 0");
    }
    anyhow::ensure!(
        config.delivery.lease_seconds * 1000 > config.plugins.timeout_ms,
        "configuration: `delivery.lease_seconds` must be longer than `plugins.timeout_ms`, or a send in progress is taken for dead"
    );
    anyhow::ensure!(
        (1..=config.delivery.breaker_cap_ms).contains(&config.delivery.breaker_base_ms),
        "configuration: `delivery.breaker_base_ms` must be from 1 to `delivery.breaker_cap_ms`; to have no breakers, set \
         `delivery.breaker_after` to 0"
    );
    anyhow::ensure!(
        !config.server.roles.is_empty(),
        "configuration: `server.roles` must name at least one of \"api\" and \"worker\""
    );
    let does_all = [Role::Api, Role::Worker]
        .iter()
        .all(|role| config.server.has(*role));
    anyhow::ensure!(
        does_all || config.database.is_postgres(),
        "configuration: `server.roles`: on SQLite one server does everything; name both roles (\"api\", \"worker\"), or share a \
         PostgreSQL (`database.url`)"
    );
    // Below, the instructions alone would take all of it; above, a template cannot hold it.
    anyhow::ensure!(
        (1000..=60_000).contains(&config.review.question_tokens),
        "configuration: `review.question_tokens` must be from 1000 to 60000"
    );
    anyhow::ensure!(
        config.review.max_tokens >= 4_000,
        "configuration: `review.max_tokens` must be at least 4000: with less no question can be asked"
    );
    let otel = &config.otel;
    anyhow::ensure!(
        otel.endpoint.is_empty() || is_http(&otel.endpoint),
        "configuration: `otel.endpoint` must be empty or the URL of a collector such as http://collector:4318"
    );
    anyhow::ensure!(
        (0.0..=1.0).contains(&otel.sample_ratio),
        "configuration: `otel.sample_ratio` must be from 0.0 (no trace) to 1.0 (all)"
    );
    let public_url = &config.server.public_url;
    anyhow::ensure!(
        public_url.is_empty() || is_http(public_url),
        "configuration: `server.public_url` must be empty or a URL such as https://notify.example.com"
    );
    for origin in &config.cors.origins {
        anyhow::ensure!(
            origin == "*"
                || url::Url::parse(origin)
                    .is_ok_and(|url| url.origin().ascii_serialization() == *origin),
            "configuration: `cors.origins`: `{origin}` is not an origin such as https://console.example.com"
        );
    }
    let mail = &config.mail;
    anyhow::ensure!(
        mail.smtp_host.is_empty() || mail.from.parse::<lettre::message::Mailbox>().is_ok(),
        "configuration: `mail.from` must be an address such as \"Push Notify <notify@example.com>\""
    );
    let database = &config.database.url;
    anyhow::ensure!(
        ["sqlite", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| database.starts_with(scheme)),
        "configuration: `database.url` must be \"sqlite\", sqlite://FILE or postgres://..."
    );
    Ok(())
}

fn is_http(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
