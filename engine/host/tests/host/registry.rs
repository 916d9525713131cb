use crate::setup::{
    EVERYTHING, Setup, component, load, message, misbehaving, note, settings, source, wasm,
};
use axum::{Router, routing::get};
use push_notify_host::{PluginFile, PluginState, Source};
use push_notify_manifest::Kind;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

fn manifest(kind: &str) -> Value {
    json!({"id": "made_up", "kind": kind, "version": "1.0.0"})
}

fn failed(info: &push_notify_host::PluginInfo) -> &str {
    match &info.state {
        PluginState::Failed { reason } => reason,
        other => panic!("{other:?}"),
    }
}

fn raw(name: &str, wasm: Vec<u8>) -> Source {
    Source {
        name: name.to_owned(),
        file: PluginFile::read(wasm),
        enabled: None,
        grants: vec![],
    }
}

#[tokio::test]
async fn broken_sources_are_listed_and_harm_nobody() {
    let host = Setup::new().host();
    let foreign = r#"
        (import "push-notify:plugin/log@0.1.0" (instance))
        (import "wasi:sockets/tcp@0.2.0" (instance))
        (import "push-notify:plugin/shell@0.1.0" (instance))
    "#;
    let infos = host
        .load(vec![
            raw("imports", component(foreign, Some(manifest("channel")))),
            raw("exports", component("", Some(manifest("channel")))),
            raw("silent", component("", None)),
            raw("core", wat::parse_str("(module)").unwrap()),
            raw("text", b"hello".to_vec()),
            source("misbehaving", &EVERYTHING),
        ])
        .await;
    assert_eq!(
        failed(&infos[0]),
        "imports what the contract does not have: push-notify:plugin/shell@0.1.0, wasi:sockets/tcp@0.2.0"
    );
    assert_eq!(
        failed(&infos[1]),
        "does not export push-notify:plugin/channel, as a plugin of this kind must: has lib.rs the line \
         `push_notify_sdk::channel!(YourType);`?"
    );
    assert!(failed(&infos[2]).starts_with("no manifest inside"));
    assert_eq!(
        failed(&infos[3]),
        "not a WebAssembly component: it is a core module; build it with `push-notify-plugin build`"
    );
    assert!(failed(&infos[4]).starts_with("not a WebAssembly component"));
    assert_eq!(infos[5].state, PluginState::Active);
    assert_eq!(note(&host, json!({"mode": "ok"})).await, "the title");
}

#[tokio::test]
async fn function_that_the_contract_lacks_is_refused_by_name() {
    let host = Setup::new().host();
    let imports = r#"
        (import "push-notify:plugin/log@0.1.0" (instance (export "erase" (func))))
        (instance $channel)
        (export "push-notify:plugin/channel@0.1.0" (instance $channel))
    "#;
    let infos = host
        .load(vec![raw(
            "log",
            component(imports, Some(manifest("channel"))),
        )])
        .await;
    assert!(failed(&infos[0]).contains("erase"), "{}", failed(&infos[0]));
}

#[test]
fn manifest_is_read_without_running_anything() {
    let file = PluginFile::read(wasm("misbehaving"));
    let manifest = file.manifest().unwrap();
    assert_eq!(
        (manifest.kind, manifest.id.as_str()),
        (Kind::Channel, "misbehaving")
    );
    let cut = PluginFile::read(wasm("misbehaving").slice(..5000));
    assert!(cut.manifest().is_err());
}

#[tokio::test]
async fn what_is_asked_and_granted_is_shown() {
    let host = Setup::new().host();
    let infos = load(
        &host,
        vec![source(
            "misbehaving",
            &["reuse", "http:elsewhere.example.com"],
        )],
    )
    .await;
    assert_eq!(infos[0].asked, EVERYTHING);
    assert_eq!(infos[0].granted, ["reuse"]);
    assert_eq!(infos[0].digest.len(), 64);
    assert_eq!(infos[0].size, wasm("misbehaving").len());
}

#[tokio::test]
async fn later_source_of_one_id_wins_unless_it_is_broken() {
    let host = Setup::new().host();
    let mut second = source("misbehaving", &[]);
    second.name = "second".to_owned();
    let broken = raw(
        "broken",
        component(
            "",
            Some(json!({"id": "misbehaving", "kind": "channel", "version": "1.0.0"})),
        ),
    );
    let infos = host
        .load(vec![source("misbehaving", &EVERYTHING), second, broken])
        .await;
    let names: Vec<&str> = infos.iter().map(|info| info.name.as_str()).collect();
    assert_eq!(names, ["second", "broken"]);
    assert_eq!(infos[0].state, PluginState::Active);
    assert!(host.channel("misbehaving").is_some());
}

#[tokio::test]
async fn disabled_plugin_is_listed_and_cannot_be_called() {
    let host = Setup::new().host();
    let mut off = source("misbehaving", &EVERYTHING);
    off.enabled = Some(false);
    let infos = host.load(vec![off]).await;
    assert_eq!(infos[0].state, PluginState::Disabled);
    assert!(infos[0].manifest.is_some());
    assert!(host.channel("misbehaving").is_none());
    assert!(host.manifest(Kind::Channel, "misbehaving").is_none());
}

#[tokio::test]
async fn plugins_are_found_by_kind() {
    let host = Setup::new().trapper().await;
    assert!(host.provider("trapper").is_some());
    assert!(host.channel("trapper").is_none());
    assert!(host.ai("trapper").is_none());
    assert!(host.provider("other").is_none());
    assert_eq!(
        host.manifest(Kind::Provider, "trapper").unwrap().id,
        "trapper"
    );
}

#[tokio::test]
async fn unchanged_plugin_is_kept_and_a_changed_grant_takes_effect() {
    let host = Setup::new().misbehaving().await;
    note(&host, json!({"mode": "ok"})).await;
    let infos = load(&host, vec![source("misbehaving", &EVERYTHING[..3])]).await;
    assert_eq!(infos[0].calls, 1);
    let infos = load(&host, vec![source("misbehaving", &EVERYTHING)]).await;
    assert_eq!(infos[0].calls, 0);
    assert_eq!(infos[0].granted, EVERYTHING);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reload_loses_no_call_in_flight() {
    let (arrived, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (at, go) = (Arc::clone(&arrived), Arc::clone(&answer));
    let slow = Router::new().route(
        "/",
        get(move || async move {
            at.notify_one();
            go.notified().await;
            "late"
        }),
    );
    let url = crate::network::serve(slow).await;
    let host = Setup::new().misbehaving().await;
    let channel = misbehaving(&host);
    let call = tokio::spawn(async move {
        let settings = settings(json!({"mode": "get", "url": url}));
        channel.send(&message(), &settings).await
    });
    arrived.notified().await;
    host.load(vec![]).await;
    assert!(host.channel("misbehaving").is_none());
    assert!(host.plugins().is_empty());
    answer.notify_one();
    assert_eq!(
        call.await.unwrap().unwrap().unwrap().note.unwrap(),
        "200 late"
    );
}

#[tokio::test]
async fn instance_serves_as_many_calls_as_both_keys_say() {
    let host = Setup::new().misbehaving().await;
    for _ in 0..3 {
        assert_eq!(note(&host, json!({"mode": "count"})).await, "1");
    }
    load(&host, vec![source("misbehaving", &["reuse"])]).await;
    let mut counts = Vec::new();
    for _ in 0..7 {
        counts.push(note(&host, json!({"mode": "count"})).await);
    }
    assert_eq!(counts, ["1", "2", "3", "1", "2", "3", "1"]);
}

#[tokio::test]
async fn reused_instance_that_trapped_is_never_used_again() {
    let host = Setup::new().host();
    load(&host, vec![source("misbehaving", &["reuse"])]).await;
    assert_eq!(note(&host, json!({"mode": "count"})).await, "1");
    crate::setup::send(&host, json!({"mode": "panic"}))
        .await
        .unwrap_err();
    assert_eq!(note(&host, json!({"mode": "count"})).await, "1");
}

#[tokio::test]
async fn reused_instance_gets_a_fresh_budget_and_fresh_placeholders() {
    let host = Setup::new()
        .with(|config| config.limits.cpu = Duration::from_millis(100))
        .host();
    load(&host, vec![source("misbehaving", &["reuse"])]).await;
    let first = note(
        &host,
        json!({"mode": "tell_secret", "token": "test-secret-not-real"}),
    )
    .await;
    let second = note(
        &host,
        json!({"mode": "tell_secret", "token": "test-secret-not-real"}),
    )
    .await;
    assert_ne!(first, second);
    crate::setup::send(&host, json!({"mode": "loop"}))
        .await
        .unwrap_err();
    assert_eq!(note(&host, json!({"mode": "count"})).await, "1");
}

#[tokio::test]
async fn what_is_announced_is_known_before_it_is_compiled() {
    let host = Setup::new().host();
    let sources = vec![
        source("misbehaving", &EVERYTHING),
        raw("text", b"hello".to_vec()),
    ];
    host.announce(&sources).await;
    let infos = host.plugins();
    assert_eq!(infos[0].state, PluginState::Loading);
    assert!(matches!(infos[1].state, PluginState::Failed { .. }));
    assert!(host.manifest(Kind::Channel, "misbehaving").is_some());
    assert!(host.channel("misbehaving").is_none());
    let infos = host.load(sources.clone()).await;
    assert_eq!(infos[0].state, PluginState::Active);
    // What can be called already is not taken back.
    host.announce(&sources).await;
    assert_eq!(host.plugins()[0].state, PluginState::Active);
}
