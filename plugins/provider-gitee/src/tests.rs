mod changes;
mod conformance;
mod content;
mod draft;
mod event;
mod hostile;
mod merge_requests;
mod nonce;
mod publish;
mod server;
mod signature;

use crate::{Config, Gitee, Mode};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::testing::{
    is_malformed as malformed, is_unauthenticated as unauthenticated, webhook,
};
use push_notify_sdk::{
    Delivery, Provider, Rejection, Secret, Webhook, crypto, forge, testing::Host,
};
use std::{fs, path::Path};

const SECRET: &str = "test-secret-not-real";
/// 2026-11-02T17:10:11+08:00
const NOW_MS: u64 = 1_793_610_611_000;

fn sign(secret: &str, timestamp: &str) -> String {
    Host::new().run(|| {
        crypto::base64(crypto::hmac_sha256(
            secret,
            format!("{timestamp}\n{secret}"),
        ))
    })
}

fn config(signature: Mode) -> Config {
    let repository = forge::Config {
        url: "https://gitee.com/orchard-works/pear-ledger".to_owned(),
        webhook_secret: Some(Secret::new("placeholder")),
        access_token: Some(Secret::new("token-placeholder")),
        api_url: None,
    };
    Config {
        repository,
        signature,
    }
}

/// An engine where it is [`NOW_MS`] and the placeholder stands for `secret`.
fn engine(secret: &str) -> Host {
    Host::new().now_ms(NOW_MS).secret("placeholder", secret)
}

fn signed<'a>(timestamp: &'a str, sign: &'a str, body: &[u8]) -> Webhook {
    let headers = [
        ("X-Gitee-Event", "Push Hook"),
        ("X-Gitee-Timestamp", timestamp),
        ("X-Gitee-Token", sign),
    ];
    webhook(&headers, body)
}

fn receive(event: &str, content_type: &str, body: &[u8]) -> Result<Delivery, Rejection> {
    let timestamp = NOW_MS.to_string();
    let sign = sign(SECRET, &timestamp);
    let headers = [
        ("X-Gitee-Event", event),
        ("X-Gitee-Timestamp", &timestamp),
        ("X-Gitee-Token", &sign),
        ("Content-Type", content_type),
    ];
    engine(SECRET).run(|| Gitee::receive(webhook(&headers, body), config(Mode::Sign)))
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
        ("gitee", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.permissions.asked(),
        ["http:${config.url}", "http:${config.api_url}", "reuse"]
    );
}

#[test]
fn a_repository_says_how_its_webhook_is_signed() {
    let mode = |text: &str| {
        let config = serde_json::from_str::<Config>(text);
        config.map(|config| config.signature).ok()
    };
    let secret = r#""url": "https://gitee.com/a/b", "webhook_secret": "placeholder""#;
    assert_eq!(mode(&format!("{{{secret}}}")), Some(Mode::Sign));
    for (name, expected) in [
        ("sign", Some(Mode::Sign)),
        ("password", Some(Mode::Password)),
        ("none", None),
    ] {
        let text = format!(r#"{{{secret}, "signature": "{name}"}}"#);
        assert_eq!(mode(&text), expected, "{name}");
    }
}
