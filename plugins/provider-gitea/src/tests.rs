mod bounds;
mod event;
mod hostile;
mod plain_secret;
mod signature;

use crate::{Config, Gitea};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Delivery, Header, Provider, Rejection, Secret, Webhook, crypto, testing::Host,
};
use std::{fs, path::Path};

const SECRET: &str = "test-secret-not-real";

fn webhook(headers: &[(&str, &str)], body: &[u8]) -> Webhook {
    let header = |(name, value): &(&str, &str)| Header {
        name: name.to_lowercase(),
        value: (*value).to_owned(),
    };
    Webhook {
        headers: headers.iter().map(header).collect(),
        body: body.to_vec(),
    }
}

fn signature(secret: &str, body: &[u8]) -> String {
    Host::new().run(|| crypto::hex(crypto::hmac_sha256(secret, body)))
}

/// With the placeholder of a secret whose value is `secret`.
fn receive_with(secret: &str, webhook: Webhook) -> Result<Delivery, Rejection> {
    let config = Config {
        webhook_secret: Some(Secret::new("placeholder")),
    };
    Host::new()
        .secret("placeholder", secret)
        .run(|| Gitea::receive(webhook, config))
}

fn receive(event: &str, content_type: &str, body: &[u8]) -> Result<Delivery, Rejection> {
    let signature = signature(SECRET, body);
    let headers = [
        ("X-Gitea-Event", event),
        ("X-Gitea-Delivery", "0b9f6f1e-0000-4000-8000-000000000001"),
        ("X-Gitea-Signature", &signature),
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

fn unauthenticated(result: &Result<Delivery, Rejection>) -> bool {
    matches!(result, Err(Rejection::Unauthenticated(_)))
}

fn malformed(result: &Result<Delivery, Rejection>) -> bool {
    matches!(result, Err(Rejection::Malformed(_)))
}

#[test]
fn the_manifest_is_a_providers() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("gitea", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.permissions.asked(), ["reuse"]);
}
