mod api;
mod changes;
mod conformance;
mod event;
mod hostile;
mod merge_requests;
mod publish;
mod server;
mod signature;
mod time;
mod token;

use crate::Gitlab;
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::testing::{
    is_malformed as malformed, is_unauthenticated as unauthenticated, webhook,
};
use push_notify_sdk::{
    Delivery, Provider, Rejection, Secret, Webhook, forge::Config, testing::Host,
};
use std::{fs, path::Path};

const SECRET: &str = "test-secret-not-real";
/// What the clock says, in seconds since 1970.
const NOW_S: u64 = 1_795_000_000;

/// With the placeholder of a secret whose value is `secret`. As in the engine, a header that is the
/// secret holds the placeholder, too.
fn receive_with(secret: &str, mut webhook: Webhook) -> Result<Delivery, Rejection> {
    for header in &mut webhook.headers {
        if header.value == secret {
            header.value = "placeholder".to_owned();
        }
    }
    let config = Config {
        url: "https://git.example.com/orchard-works/pear-ledger".to_owned(),
        webhook_secret: Some(Secret::new("placeholder")),
        access_token: None,
        api_url: None,
    };
    Host::new()
        .now_ms(NOW_S * 1000 + 999)
        .secret("placeholder", secret)
        .run(|| Gitlab::receive(webhook, config))
}

fn receive(event: &str, body: &[u8]) -> Result<Delivery, Rejection> {
    let headers = [
        ("X-Gitlab-Event", event),
        ("X-Gitlab-Token", SECRET),
        ("Content-Type", "application/json"),
    ];
    receive_with(SECRET, webhook(&headers, body))
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
        ("gitlab", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.permissions.asked(),
        ["http:${config.url}", "http:${config.api_url}", "reuse"]
    );
}
