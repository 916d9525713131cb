mod conformance;
mod event;
mod proof;

use crate::Sentry;
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Event, Rejection,
    testing::conformance::provider::{deliver, fixture},
};
use serde_json::Value;

fn receive(resource: &str, body: &Value) -> Result<Event, Rejection> {
    let delivery = deliver::<Sentry>(resource, body.to_string().as_bytes());
    delivery.map(|mut delivery| delivery.events.remove(0))
}

fn json(file: &str) -> Value {
    serde_json::from_slice(&fixture::<Sentry>(file)).unwrap()
}

#[test]
fn the_manifest_is_a_providers() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("sentry", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.permissions.asked(), ["reuse"]);
}
