mod challenge;
mod conformance;
mod hostile;
mod mapping;
mod preset;
mod proof;

use crate::{Config, Generic};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Delivery, Event, Mappings as _, Misfit, Provider as _, Rejection,
    testing::{Host, webhook},
};
use serde_json::{Value, json};

const SECRET: &str = "test-secret-not-real";
/// What the clock says, in seconds since 1970.
const NOW_S: u64 = 1_795_000_000;

/// As in the engine, the configuration holds the placeholder of the secret.
fn config(settings: Value, mapping: Value) -> Config {
    let mut all = json!({
        "url": "https://status.example.com/kuma", "webhook_secret": "placeholder", "mapping": mapping,
    });
    let (Some(all_of), Some(more)) = (all.as_object_mut(), settings.as_object()) else {
        panic!("both are objects");
    };
    all_of.extend(more.clone());
    serde_json::from_value(all).expect("a configuration")
}

fn host(secret: &str) -> Host {
    Host::new()
        .now_ms(NOW_S * 1000)
        .secret("placeholder", secret)
}

fn preview_with(mapping: Value, headers: &[(&str, &str)], body: &[u8]) -> Result<Delivery, Misfit> {
    let config = config(json!({}), mapping);
    host(SECRET).run(|| Generic::preview(webhook(headers, body), config))
}

fn preview(mapping: Value, body: &Value) -> Result<Delivery, Misfit> {
    preview_with(mapping, &[], body.to_string().as_bytes())
}

fn event(mapping: Value, body: &Value) -> Event {
    let mut delivery = preview(mapping, body).expect("a delivery");
    delivery.events.remove(0)
}

/// The fields that are at fault, with what is told of them.
fn faults<T: std::fmt::Debug>(result: Result<T, Misfit>) -> Vec<(String, String)> {
    match result {
        Err(Misfit::Faulty(problems)) => {
            assert!(
                problems
                    .iter()
                    .all(|it| !it.zh.is_empty() && !it.en.is_empty())
            );
            problems.into_iter().map(|it| (it.field, it.en)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn receive(
    config: Config,
    headers: &[(&str, &str)],
    query: &str,
    body: &[u8],
    secret: &str,
) -> Result<Delivery, Rejection> {
    let mut request = webhook(headers, body);
    request.query = query.to_owned();
    host(secret).run(|| Generic::receive(request, config))
}

#[test]
fn the_same_words_later_are_another_delivery() {
    let id = |ms: u64, body: &[u8]| {
        let config = config(json!({}), json!({"title": "down"}));
        let delivery = Host::new()
            .now_ms(ms)
            .run(|| Generic::preview(webhook(&[], body), config));
        delivery.expect("a delivery").id.expect("an id")
    };
    let start = NOW_S / 600 * 600 * 1000;
    let first = id(start, b"{}");
    assert_eq!(id(start + 599_999, b"{}"), first);
    assert_ne!(id(start + 600_000, b"{}"), first);
    assert_ne!(id(start, b"{ }"), first);
    let own = event_id(json!({"title": "down", "id": "/id"}), &json!({"id": "d-1"}));
    assert_eq!(own, "d-1");
}

fn event_id(mapping: Value, body: &Value) -> String {
    let delivery = preview(mapping, body).expect("a delivery");
    delivery.id.expect("an id")
}

#[test]
fn the_manifest_is_a_providers() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("generic", Kind::Provider)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.webhook.busy, 503);
}
