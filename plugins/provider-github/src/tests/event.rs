use super::{SECRET, fixture, receive, receive_json, receive_with, signature, webhook};
use push_notify_sdk::{Delivery, Rejection, testing};
use serde_json::Value;
use std::{fs, path::Path};

#[test]
fn every_fixture_becomes_the_event_beside_it() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 20, "{} fixtures found", fixtures.len());
    for (event, name) in fixtures {
        let body = fixture(&format!("{name}.json"));
        let expected: Value =
            serde_json::from_slice(&fixture(&format!("{name}.expected.json"))).unwrap();
        assert_eq!(outcome(&receive_json(&event, &body)), expected, "{name}");
    }
}

#[test]
fn a_form_body_is_the_same_event() {
    for (event, name) in fixtures() {
        let json = fixture(&format!("{name}.json"));
        // `+` for a space, everything else escaped.
        let mut form = b"payload=".to_vec();
        for byte in &json {
            match byte {
                b' ' => form.push(b'+'),
                byte if byte.is_ascii_alphanumeric() => form.push(*byte),
                byte => form.extend(format!("%{byte:02x}").into_bytes()),
            }
        }
        let by_form = receive(
            &event,
            "application/x-www-form-urlencoded; charset=utf-8",
            &form,
        );
        assert_eq!(
            outcome(&by_form),
            outcome(&receive_json(&event, &json)),
            "{name}"
        );
    }
}

#[test]
fn the_delivery_id_is_githubs() {
    let body = fixture("push.branch.json");
    let id = receive_json("push", &body).unwrap().id;
    assert_eq!(id.as_deref(), Some("0b9f6f1e-0000-4000-8000-000000000001"));
    let signature = signature(SECRET, &body);
    let headers = [
        ("x-github-event", "push"),
        ("x-hub-signature-256", &*signature),
    ];
    assert_eq!(
        receive_with(SECRET, webhook(&headers, &body)).unwrap().id,
        None
    );
}

#[test]
fn a_tag_has_one_effect_however_it_is_announced() {
    let effect = |event: &str, name: &str| {
        let effect = receive_json(event, &fixture(name)).unwrap().effect;
        effect.map(|effect| (effect.key, effect.source))
    };
    let made = "tag_push:refs/tags/v1.2.0:created".to_owned();
    let gone = "tag_push:refs/tags/v1.2.0:deleted".to_owned();
    assert_eq!(
        effect("push", "push.tag_created.json"),
        Some((made.clone(), "push".to_owned()))
    );
    assert_eq!(
        effect("create", "create.tag.json"),
        Some((made, "create".to_owned()))
    );
    assert_eq!(
        effect("push", "push.tag_deleted.json"),
        Some((gone.clone(), "push".to_owned()))
    );
    assert_eq!(
        effect("delete", "delete.tag.json"),
        Some((gone, "delete".to_owned()))
    );
    assert_eq!(effect("push", "push.tag_moved.json"), None);
    assert_eq!(effect("push", "push.branch_created.json"), None);
}

/// The event and the whole name of each fixture `EVENT.CASE.json`.
fn fixtures() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut names: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|file| Some(file.strip_suffix(".json")?.to_owned()))
        .filter(|name| !name.ends_with(".expected"))
        .map(|name| (name.split('.').next().unwrap().to_owned(), name))
        .collect();
    names.sort();
    names
}

fn outcome(result: &Result<Delivery, Rejection>) -> Value {
    testing::outcome("github", result)
}
