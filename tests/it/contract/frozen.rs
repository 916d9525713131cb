//! Contract 0.1 of plugins is final: what was built against it is loaded for ever.

use push_notify_tests::{Backend, Receiver, Response, TestApp, workspace};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fs;

/// SHA-256 of the files of `sdk/wit/v0.1`, by name. What has to be otherwise is contract 0.2, in a
/// folder of its own.
const CONTRACT: &str = "576696136971d1af949ed2d298a8c0d937978db015f315ab22b333618189c0f7";

/// A channel as it was built on the day when the contract became final.
const OF_THE_FIRST_DAY: &[u8] = include_bytes!("../../contract/plugins/hook-0.1.wasm");

#[test]
fn contract_0_1_is_what_it_was() {
    let folder = fs::read_dir(workspace().join("sdk/wit/v0.1")).expect("the contract");
    let mut files: Vec<_> = folder.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let mut digest = Sha256::new();
    for file in &files {
        let name = file.file_name().expect("a name").to_string_lossy();
        let text = fs::read(file).expect("a text");
        digest.update(format!("{name} {}\n", text.len()));
        digest.update(text);
    }
    assert_eq!(hex::encode(digest.finalize()), CONTRACT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_of_the_first_day_still_delivers() {
    let answer = |_: &_| Response::json(200, &json!({}));
    let receiver = Receiver::answering(answer).await;
    let mut app = TestApp::on(Backend::Sqlite)
        .plugin("hook", OF_THE_FIRST_DAY, &["http:${config.url}"])
        .start()
        .await;
    let repo = app.repo("backend").await;
    let body = json!({"name": "all", "type": "hook", "config": {"url": receiver.url("/hook")}});
    app.target(body).await;
    let ids = app.push(&repo, "first").await;
    app.push_in_state(ids[0], "delivered").await;
    assert_eq!(receiver.count(), 1);
    app.stop().await;
}
