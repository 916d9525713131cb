//! What somebody outside does: write a channel with the SDK, build it with the tool, drop it in,
//! grant it, use it.

use push_notify_tests::{Backend, Receiver, Response, TestApp, example_channel, workspace};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_channel_is_built_granted_and_used() {
    let receiver = Receiver::start().await;
    receiver.then(Response::new(503, "not yet"));
    let mut app = TestApp::on(Backend::Sqlite)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .start()
        .await;
    let repo = app.repo("backend").await;
    let token = "bearer-not-real-0123456789";
    app.secrets.push(token.to_owned());
    let target = json!({"name": "mine", "type": "hook", "config": {"url": receiver.url("/hook?a=b"), "token": token}});
    app.target(target).await;
    let ids = app.push(&repo, "aaa").await;
    let push = app.push_in_state(ids[0], "delivered").await;
    assert_eq!(push["retry_count"], 1);
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].uri, "/hook?a=b");
    assert_eq!(
        requests[1].header("authorization"),
        Some("Bearer bearer-not-real-0123456789")
    );
    assert_eq!(
        requests[0].header("idempotency-key"),
        requests[1].header("idempotency-key")
    );
    let message = requests[1].json();
    assert_eq!(message["repository"], "company/backend-service");
    assert_eq!(message["scene"], "commit_notify");
    assert!(
        message["text"]
            .as_str()
            .is_some_and(|text| text.contains("aaa")),
        "{message:#}"
    );
    app.assert_nothing_leaked();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_nobody_named_in_the_configuration_is_not_run() {
    let app = TestApp::on(Backend::Sqlite)
        .plugin("hook", &example_channel(), &["http:${config.url}"])
        .config(|config| _ = config.plugins.each.remove("hook"))
        .start()
        .await;
    let plugins = app.get("/api/v1/plugins").await.expect(200);
    let webhook = plugins
        .list()
        .iter()
        .find(|plugin| plugin["id"] == "hook")
        .expect("it is listed");
    assert_eq!(webhook["state"], "disabled");
    let target = json!({"name": "mine", "type": "hook", "config": {"url": "https://example.com/"}});
    app.post("/api/v1/targets", &target)
        .await
        .expect(422)
        .names("type");
    app.stop().await;
}

#[test]
fn the_example_channel_has_fewer_than_thirty_lines() {
    let path = workspace().join("sdk/examples/webhook/src/lib.rs");
    let lines = std::fs::read_to_string(path)
        .expect("the example")
        .lines()
        .count();
    assert!(lines < 30, "{lines} lines");
}
