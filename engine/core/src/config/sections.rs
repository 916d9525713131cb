//! One struct a section. What each key means is said in `config/default.toml`.

mod keep;

pub use keep::{Retention, Storage};

use crate::{calendar, i18n::Locale};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub connections: Connections,
    pub cors: Cors,
    pub database: Database,
    pub redis: Redis,
    pub auth: Auth,
    pub mail: Mail,
    pub secrets: Secrets,
    pub network: Network,
    pub rate_limit: RateLimit,
    pub webhook: WebhookLimits,
    pub delivery: Delivery,
    pub retention: Retention,
    pub storage: Storage,
    pub review: Review,
    pub plugins: Plugins,
    pub log: Log,
    pub metrics: Metrics,
    pub otel: Otel,
    pub health: Health,
    /// The file that this was read from, for reading it again.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub roles: Vec<Role>,
    pub listen: SocketAddr,
    pub public_url: String,
    pub data_dir: PathBuf,
    pub max_webhook_bytes: usize,
    pub max_body_bytes: usize,
    #[serde(deserialize_with = "ranges")]
    pub trusted_proxies: Vec<IpNet>,
    pub proxy_header: ProxyHeader,
    pub shutdown_seconds: u64,
    /// Empty: the system's.
    pub timezone: String,
    /// `zh-CN` or `en-US`.
    pub language: String,
}

impl Server {
    /// By whose clocks messages tell times, where nobody says otherwise.
    pub fn zone(&self) -> TimeZone {
        calendar::zone(&self.timezone).unwrap_or_else(TimeZone::system)
    }

    /// In what language messages speak, where nobody says otherwise.
    pub fn locale(&self) -> Locale {
        Locale::of_tag(&self.language).unwrap_or_default()
    }
}

/// Where a proxy says whom it speaks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    #[default]
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connections {
    pub most: usize,
    pub per_address: usize,
    pub head_seconds: u64,
    pub body_seconds: u64,
    pub grace_seconds: u64,
    pub least_bytes_per_second: u64,
}

/// What a server of several does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Receives webhooks and serves the admin API
    Api,
    /// Reviews and delivers, and keeps the tables tidy
    Worker,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cors {
    pub origins: Vec<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub connections: u32,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    pub url: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub admin_password: String,
    pub access_seconds: u64,
    pub refresh_seconds: u64,
    pub registration: Registration,
    pub visibility: Visibility,
    pub lock_after: u32,
    pub lock_minutes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    Open,
    Closed,
}

/// What users who are no administrators see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    All,
    Own,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Empty: no mail.
    pub smtp_host: String,
    pub smtp_port: u16,
    pub security: MailSecurity,
    pub username: String,
    pub password: String,
    pub from: String,
    /// Empty: the address that the connection comes from.
    pub ehlo_name: String,
}

impl Mail {
    pub fn ehlo_name(&self) -> Option<String> {
        (!self.ehlo_name.is_empty()).then(|| self.ehlo_name.clone())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    Starttls,
    Tls,
    None,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// Empty: the key is in `secret.key`.
    pub key: String,
    pub previous_keys: Vec<String>,
    pub accept_lost: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    #[serde(deserialize_with = "ranges")]
    pub allow: Vec<IpNet>,
    pub extra_roots: Vec<PathBuf>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    pub enabled: bool,
    pub auth_per_minute: u32,
    pub webhook_per_minute: u32,
    pub read_per_minute: u32,
    pub write_per_minute: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookLimits {
    pub max_parked: u32,
    pub memory_mib: u32,
    /// 0: none.
    pub secret_overlap_hours: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    pub max_attempts: u32,
    pub backoff_base_ms: u64,
    pub backoff_cap_ms: u64,
    pub lease_seconds: u64,
    pub concurrency: usize,
    pub per_target: usize,
    pub queue: usize,
    /// 0: never.
    pub breaker_after: u32,
    pub breaker_base_ms: u64,
    pub breaker_cap_ms: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub concurrency: usize,
    pub per_repo: usize,
    pub deadline_seconds: u64,
    pub max_attempts: u32,
    pub question_tokens: u32,
    pub max_tokens: u32,
    /// 0: no bound.
    pub repo_daily_tokens: u64,
    /// 0: no bound.
    pub daily_tokens: u64,
    pub max_diff_kib: usize,
    pub max_inline_comments: usize,
}

/// The fixed keys, and a table for each plugin id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plugins {
    /// Empty: none.
    pub dir: String,
    pub memory_mib: u32,
    pub timeout_ms: u64,
    pub ai_timeout_ms: u64,
    pub cpu_ms: u64,
    #[serde(flatten)]
    pub each: BTreeMap<String, PluginSwitch>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PluginSwitch {
    #[serde(default = "yes")]
    pub enabled: bool,
    /// `http:PATTERN`, `smtp:PATTERN` or `reuse`.
    #[serde(default)]
    pub grants: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
    /// Empty: standard error only.
    pub file: String,
    pub file_max_mib: u32,
    pub file_keep: u32,
    pub database_level: DatabaseLevel,
    /// 0: for ever.
    pub keep_system_days: u32,
    pub keep_operation_days: u32,
    pub keep_ai_call_days: u32,
    /// 0: as many as there are.
    pub keep_system_rows: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    pub enabled: bool,
    #[serde(deserialize_with = "address")]
    pub listen: Option<SocketAddr>,
    pub token: String,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Otel {
    /// Empty: no traces.
    pub endpoint: String,
    pub service_name: String,
    pub sample_ratio: f64,
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    pub max_queue_age_seconds: u64,
    pub min_free_disk_mib: u64,
}

fn yes() -> bool {
    true
}

/// Ranges of addresses; of a wrong one, the refusal says which it is.
fn ranges<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let ranges = Vec::<String>::deserialize(deserializer)?;
    let parsed = ranges.iter().map(|text| {
        text.trim().parse().map_err(|_| {
            let meant = match text.trim().parse::<IpAddr>() {
                Ok(ip) => format!("write \"{}\" for this address alone", IpNet::from(ip)),
                Err(_) => "write a range such as \"10.0.0.0/8\"".to_owned(),
            };
            serde::de::Error::custom(format!("\"{text}\" is no range of addresses: {meant}"))
        })
    });
    parsed.collect()
}

/// An address with a port, or nothing.
fn address<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            serde::de::Error::custom("must be empty or an address such as 127.0.0.1:9464")
        }),
    }
}

impl Server {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The configured public address, or the one that the server listens on.
    pub fn public_base(&self, listening: SocketAddr) -> String {
        if self.public_url.is_empty() {
            format!("http://{listening}")
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }
}

impl Database {
    /// Whether `url` means PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }
}

/// `Debug` that hides the values: they hold passwords.
macro_rules! hidden {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), " { *** }"))
            }
        }
    )*};
}
hidden!(Database, Redis, Auth, Mail, Secrets, Metrics, Otel);
