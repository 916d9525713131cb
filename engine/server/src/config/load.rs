use super::Config;
use anyhow::Context as _;
use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};
use std::path::Path;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// The built-in defaults, then `file`, then `PUSH_NOTIFY_<SECTION>__<KEY>`. Fails with the key and what is wrong with it.
pub fn load(file: Option<&Path>) -> anyhow::Result<Config> {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(file) = file {
        // Read here: figment takes a missing file for an empty one.
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the configuration file {}", file.display()))?;
        let text = toml::from_str::<toml::Table>(&text)
            .with_context(|| format!("{} is not TOML", file.display()))?;
        figment = figment.merge(Toml::string(&toml::to_string(&text)?));
    }
    let environment = Env::prefixed("PUSH_NOTIFY_")
        .filter(|key| key.as_str().contains("__"))
        .split("__");
    let mut config: Config = figment
        .merge(environment)
        .extract()
        .map_err(|error| anyhow::anyhow!("configuration: {}", describe(error)))?;
    config.file = file.map(Path::to_owned);
    check(&config)?;
    Ok(config)
}

/// figment's errors, one a line, each with its key.
fn describe(error: figment::Error) -> String {
    let lines = error.into_iter().map(|error| {
        let key = error.path.join(".");
        if key.is_empty() {
            error.kind.to_string()
        } else {
            format!("`{key}`: {}", error.kind)
        }
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn check(config: &Config) -> anyhow::Result<()> {
    let positive = [
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
        ("server.max_webhook_bytes", config.server.max_webhook_bytes),
        ("server.max_body_bytes", config.server.max_body_bytes),
        ("plugins.memory_mib", config.plugins.memory_mib as usize),
        ("plugins.timeout_ms", config.plugins.timeout_ms as usize),
        ("plugins.cpu_ms", config.plugins.cpu_ms as usize),
    ];
    for (key, value) in positive {
        anyhow::ensure!(value > 0, "configuration: `{key}` must not be 0");
    }
    anyhow::ensure!(
        config.delivery.lease_seconds * 1000 > config.plugins.timeout_ms,
        "configuration: `delivery.lease_seconds` must be longer than `plugins.timeout_ms`, or a send in progress is taken for dead"
    );
    let public_url = &config.server.public_url;
    let sound = public_url.is_empty()
        || url::Url::parse(public_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    anyhow::ensure!(
        sound,
        "configuration: `server.public_url` must be empty or a URL such as https://notify.example.com"
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
