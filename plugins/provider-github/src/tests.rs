mod api;
mod bounds;
mod changes;
mod conformance;
mod content;
mod event;
mod hostile;
mod merge_requests;
mod publish;
mod signature;

use crate::Github;
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::testing::push;
use push_notify_sdk::testing::{
    is_malformed as malformed, is_unauthenticated as unauthenticated, webhook,
};
use push_notify_sdk::{
    Delivery, Event, Provider, Rejection, Webhook, crypto,
    forge::Config,
    testing::{self, Host},
};
use serde_json::json;
use std::{fs, path::Path};

const SECRET: &str = "test-secret-not-real";
/// Of the repository in `config`.
const API: &str = "https://api.github.com/repos/company/app";

fn config() -> Config {
    config_with("https://github.com/company/app", "", "placeholder")
}

fn config_with(url: &str, api_url: &str, access_token: &str) -> Config {
    let config = json!({"url": url, "api_url": api_url, "access_token": access_token});
    serde_json::from_value(config).unwrap()
}

/// Whose head is `cccc`.
fn merge_request(number: u64) -> Event {
    testing::merge_request(number, "cccc")
}

fn signature(secret: &str, body: &[u8]) -> String {
    Host::new().run(|| format!("sha256={}", crypto::hex(crypto::hmac_sha256(secret, body))))
}

/// With the placeholder of a secret whose value is `secret`.
fn receive_with(secret: &str, webhook: Webhook) -> Result<Delivery, Rejection> {
    let config = serde_json::from_value(json!({"webhook_secret": "placeholder"})).unwrap();
    Host::new()
        .secret("placeholder", secret)
        .run(|| Github::receive(webhook, config))
}

fn receive(event: &str, content_type: &str, body: &[u8]) -> Result<Delivery, Rejection> {
    let signature = signature(SECRET, body);
    let headers = [
        ("X-GitHub-Event", event),
        ("X-GitHub-Delivery", "0b9f6f1e-0000-4000-8000-000000000001"),
        ("X-Hub-Signature-256", &signature),
        ("Content-Type", content_type),
    ];
    receive_with(SECRET, webhook(&headers, body))
}

fn receive_json(event: &str, body: &[u8]) -> Result<Delivery, Rejection> {
    receive(event, "application/json", body)
}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    fs::read(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

#[test]
fn the_manifest_is_a_providers() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("github", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    let asked = [
        "http:api.github.com",
        "http:${config.url}",
        "http:${config.api_url}",
        "reuse",
    ];
    assert_eq!(manifest.permissions.asked(), asked);
}
