//! Deliveries as the senders make them, each beside the events that its preset makes of it.

use super::preview;
use crate::{Generic, preset};
use push_notify_manifest::Manifest;
use push_notify_sdk::Mappings as _;
use serde_json::{Value, json};
use std::{fs, path::Path};

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"))
}

#[test]
fn every_fixture_becomes_the_events_beside_it() {
    let mut seen = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(case) = name
            .strip_suffix(".json")
            .filter(|it| !it.ends_with(".expected"))
        else {
            continue;
        };
        let (preset, _) = case.split_once('.').unwrap();
        seen.push(preset.to_owned());
        let body = fs::read_to_string(folder().join(&name)).unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let made = format!("{:#?}\n", preview(json!({ "preset": preset }), &body));
        let path = folder().join(format!("{case}.expected.txt"));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(&path, &made).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(made, expected, "{case}");
        assert!(made.starts_with("Ok("), "{case}: {made}");
    }
    for name in preset::names() {
        assert!(seen.iter().any(|it| it == name), "no fixture of {name}");
    }
}

#[test]
fn every_preset_is_sound_and_may_be_stored() {
    let manifest = Manifest::from_toml(include_str!("../../plugin.toml")).unwrap();
    for preset in Generic::presets() {
        let mut config = json!({"mapping": {"preset": preset.name}});
        let checked = manifest.check_config(config.as_object_mut().unwrap());
        assert!(checked.is_ok(), "{checked:?}");
        let mapping: Value = serde_json::from_str(&preset.mapping).unwrap();
        assert_eq!(mapping.get("preset"), None);
        let made = preview(mapping, &serde_json::from_slice(&preset.sample).unwrap());
        assert!(made.is_ok(), "{}: {made:?}", preset.name);
    }
}

#[test]
fn what_stands_beside_a_preset_takes_its_place() {
    let sample: Value = serde_json::from_slice(&Generic::presets()[0].sample).unwrap();
    let mapping = json!({"preset": "uptime-kuma", "title": "ours", "labels": null});
    let event = super::event(mapping, &sample);
    assert_eq!(event.title.as_deref(), Some("ours"));
    assert!(event.labels.is_empty());
    assert_eq!(event.state.as_deref(), Some("firing"));
}
