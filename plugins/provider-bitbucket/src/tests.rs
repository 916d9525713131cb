mod api;
mod changes;
mod conformance;
mod event;
mod merge_requests;
mod publish;

use crate::Bitbucket;
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Delivery, Provider, Rejection, Secret,
    forge::Config,
    testing::{Host, conformance::ProviderRow, webhook},
};
use serde_json::{Value, json};
use std::{fs, path::Path};

const SECRET: &str = "test-secret-not-real";
/// Of the repository in `config`.
const API: &str = "https://api.bitbucket.org/2.0/repositories/company/app";

fn config() -> Config {
    let config = json!({"url": "https://bitbucket.org/company/app", "access_token": "placeholder"});
    serde_json::from_value(config).unwrap()
}

/// A signed delivery.
fn receive_with(headers: &[(&str, &str)], body: &[u8]) -> Result<Delivery, Rejection> {
    let sent = push_notify_sdk::testing::conformance::Sent {
        secret: SECRET,
        body,
        payload: body,
    };
    let config = Config {
        webhook_secret: Some(Secret::new("placeholder")),
        ..Config::default()
    };
    let host = Host::new().secret("placeholder", SECRET);
    host.run(|| {
        let proof = Bitbucket::proof(&sent);
        let proof = proof.iter().map(|(name, value)| (*name, &**value));
        let headers: Vec<(&str, &str)> = headers.iter().copied().chain(proof).collect();
        Bitbucket::receive(webhook(&headers, body), config)
    })
}

fn receive(key: &str, body: &Value) -> Result<Delivery, Rejection> {
    receive_with(&[("x-event-key", key)], body.to_string().as_bytes())
}

fn fixture(name: &str) -> Value {
    let path = Path::new(Bitbucket::FIXTURES).join(name);
    let text = fs::read(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn the_manifest_is_a_providers() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("bitbucket", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    let asked = ["http:api.bitbucket.org", "http:${config.api_url}", "reuse"];
    assert_eq!(manifest.permissions.asked(), asked);
}
