//! What every host has a fixture of.

use push_notify_tests::{Payload, workspace};
use serde_json::Value;
use std::fs;

/// The events that the fixtures of a host become.
fn events(host: &str) -> Vec<Value> {
    let folder = workspace().join(format!("plugins/provider-{host}/fixtures"));
    fs::read_dir(folder)
        .expect("a folder of fixtures")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.to_string_lossy().ends_with(".expected.json"))
        .map(|path| fs::read(path).expect("a fixture"))
        .map(|text| serde_json::from_slice(&text).expect("JSON"))
        .collect()
}

#[test]
fn every_host_has_a_fixture_of_every_event() {
    for host in Payload::HOSTS {
        let events = events(host);
        let any = |what: &str, is: &dyn Fn(&Value) -> bool| {
            assert!(events.iter().any(is), "{host} has no fixture of {what}");
        };
        for kind in ["push", "tag_push"] {
            any(kind, &|event| event["kind"] == kind);
            for change in ["created", "deleted"] {
                let is = |event: &Value| event["kind"] == kind && event[change] == true;
                any(&format!("{kind} {change}"), &is);
            }
        }
        any("a push of several commits", &|event| {
            event["commits"]
                .as_array()
                .is_some_and(|commits| commits.len() > 1)
        });
        any("a push without commits", &|event| {
            event["kind"] == "push" && event["commits"].as_array().is_some_and(Vec::is_empty)
        });
        for action in ["opened", "updated", "reopened", "merged", "closed"] {
            any(action, &|event| event["merge_request"]["action"] == action);
        }
        any("a draft", &|event| event["merge_request"]["draft"] == true);
        // What the engine writes itself comes back, and must not be answered.
        any("a comment that is ignored", &|event| {
            let reason = event["ignored"].as_str().unwrap_or_default();
            ["comment", "note", "Note"]
                .iter()
                .any(|name| reason.contains(name))
        });
    }
}
