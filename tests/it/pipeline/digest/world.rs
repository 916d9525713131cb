use push_notify_core::config::Config;
use push_notify_tests::{
    Api, Backend, Receiver, Repo, Request, TestApp, example_channel, replace_manifest, until,
};
use serde_json::{Value, json};
use std::time::Duration;

/// More than a minute, in which DingTalk's robots take 18 messages.
pub const MINUTE: Duration = Duration::from_secs(61);

/// The target, which allows that its messages are merged.
pub fn merging(mut target: Value) -> Value {
    target["digest"] = json!({"enabled": true});
    target
}

/// The channel under another rate.
pub fn with_rate(wasm: &[u8], rate: &str) -> Vec<u8> {
    let mut manifest = push_notify_tests::manifest_of(wasm);
    manifest.limits.rate = Some(rate.parse().expect("a rate"));
    replace_manifest(wasm, &manifest)
}

/// A server with a repository and a merging target at the receiver, whose channel has this rate.
pub async fn rated(on: Backend, rate: &str, receiver: &Receiver) -> (TestApp, Repo) {
    rated_with(on, rate, receiver, |_| {}).await
}

/// As [`rated`], with another configuration.
pub async fn rated_with(
    on: Backend,
    rate: &str,
    receiver: &Receiver,
    change: impl FnOnce(&mut Config),
) -> (TestApp, Repo) {
    let grants = ["http:${config.url}"];
    let mut app = TestApp::on(on)
        .config(change)
        .plugin("hook", &with_rate(&example_channel(), rate), &grants)
        .start()
        .await;
    let repo = app.repo("backend").await;
    let target = json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}});
    app.target(merging(target)).await;
    (app, repo)
}

/// Waits until so many pushes meet the query.
pub async fn counted(api: &Api, query: &str, count: i64) {
    until(&format!("{count} pushes of {query}"), async || {
        let pushes = api
            .get(&format!("/api/v1/pushes?size=1&{query}"))
            .await
            .expect(200);
        (pushes.data()["pagination"]["total"] == count).then_some(())
    })
    .await;
}

pub fn message_id(request: &Request) -> String {
    request.header("idempotency-key").expect("an id").to_owned()
}

pub fn outcomes(push: &Value) -> Vec<&str> {
    let attempts = push["attempts"].as_array().expect("attempts");
    attempts
        .iter()
        .filter_map(|attempt| attempt["outcome"].as_str())
        .collect()
}
