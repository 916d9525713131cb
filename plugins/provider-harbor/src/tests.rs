mod conformance;
mod event;

use crate::Harbor;
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Delivery, Rejection,
    testing::conformance::provider::{deliver, fixture},
};
use serde_json::Value;

fn receive(body: &Value) -> Result<Delivery, Rejection> {
    deliver::<Harbor>("harbor", body.to_string().as_bytes())
}

fn json(file: &str) -> Value {
    serde_json::from_slice(&fixture::<Harbor>(file)).unwrap()
}

#[test]
fn the_manifest_is_a_providers() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("harbor", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.permissions.asked(), ["reuse"]);
}
