use super::{describe, read};
use crate::component;
use push_notify_manifest::Manifest;
use std::path::PathBuf;

const MANIFEST: &str = r#"
id = "chat"
kind = "channel"
version = "1.2.3"
description = "Delivers to chat rooms"
[permissions]
http = ["*.example.com", "${config.url}"]
reuse = 16
[limits]
rate = "18/min"
timeout_ms = 5000
[config.url]
type = "string"
format = "url"
required = true
[config.token]
type = "string"
secret = true
title = { en = "Token" }
[templates.commit_notify]
title = "t"
content = "c"
"#;

/// An empty component that carries the manifest.
fn file(dir: &tempfile::TempDir) -> PathBuf {
    let header = vec![0, b'a', b's', b'm', 0x0d, 0, 1, 0];
    let path = dir.path().join("chat.wasm");
    let bytes = component::embed(header, &Manifest::from_toml(MANIFEST).unwrap());
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn what_was_embedded_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let plugin = read(&file(&dir)).unwrap();
    assert_eq!(plugin.sha256.len(), 64);
    let text = describe(&plugin);
    for part in [
        "chat: channel plugin, version 1.2.3, contract 0.1.0",
        "Delivers to chat rooms",
        "requests to *.example.com",
        "requests to the host in the configuration field `url`",
        "one instance for 16 calls",
        "18/min for a target, 5000 ms a call",
        "url: URL, required",
        "token: string, secret (Token)",
        "templates  commit_notify",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[test]
fn the_lines_that_grant_what_it_asks_for_are_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let plugin = read(&file(&dir)).unwrap();
    let lines: toml::Table = super::describe::grant_lines(&plugin.manifest)
        .parse()
        .unwrap();
    let settings = &lines["plugins"]["chat"];
    assert_eq!(settings["enabled"].as_bool(), Some(true));
    let grants: Vec<_> = settings["grants"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    assert_eq!(grants, plugin.manifest.permissions.asked());
}

#[test]
fn why_the_engine_would_refuse_it_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let plugin = read(&file(&dir)).unwrap();
    // The empty component exports nothing.
    assert!(describe(&plugin).contains("REFUSED    does not export push-notify:plugin/channel"));
    assert!(plugin.to_json()["problem"].is_string());
}

#[test]
fn what_is_no_plugin_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read(&dir.path().join("missing.wasm")).is_err());
    let text = dir.path().join("text.wasm");
    std::fs::write(&text, "not wasm").unwrap();
    assert!(read(&text).is_err());
    assert!(super::run(&[text], true).is_err());
}
