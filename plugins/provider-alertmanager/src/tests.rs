mod bounds;
mod conformance;
mod group;
mod proof;

use crate::Alertmanager;
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Delivery, Provider, Rejection, Secret,
    forge::Config,
    testing::{Host, webhook},
};
use std::{fs, path::Path};

const SECRET: &str = "test-secret-not-real";
/// What the clock says, in seconds since 1970.
const NOW_S: u64 = 1_795_000_000;

/// As in the engine, the configuration holds the placeholder of the secret.
fn receive_with(headers: &[(&str, &str)], body: &[u8]) -> Result<Delivery, Rejection> {
    receive_at(NOW_S, headers, body)
}

fn receive_at(now_s: u64, headers: &[(&str, &str)], body: &[u8]) -> Result<Delivery, Rejection> {
    let config = Config {
        url: "https://alerts.example.com/am".to_owned(),
        webhook_secret: Some(Secret::new("placeholder")),
        ..Config::default()
    };
    Host::new()
        .now_ms(now_s * 1000 + 999)
        .secret("placeholder", SECRET)
        .run(|| Alertmanager::receive(webhook(headers, body), config))
}

fn receive(body: &[u8]) -> Result<Delivery, Rejection> {
    let bearer = format!("Bearer {SECRET}");
    receive_with(&[("authorization", &bearer)], body)
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
        ("alertmanager", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.permissions.asked(), ["reuse"]);
}
