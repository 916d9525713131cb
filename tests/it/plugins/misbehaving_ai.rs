//! AI plugins that go wrong.

use push_notify_tests::{Backend, OpenAi, TestApp, guest};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_panics_loops_or_says_too_much_costs_its_own_call_only() {
    let server = OpenAi::start().await;
    let app = TestApp::on(Backend::Sqlite)
        .config(|config| config.plugins.cpu_ms = 300)
        .plugin("misbehaving_ai", &guest("misbehaving_ai"), &[])
        .start()
        .await;
    let prompt = json!({"name": "trial", "type": "codeview", "content": "{{.FileContent}}"});
    let prompt = app.post("/api/v1/prompts", &prompt).await.expect(200).id();
    let choose = async |model: i64| {
        app.put(
            &format!("/api/v1/prompts/{prompt}"),
            &json!({"model_id": model}),
        )
        .await
        .expect(200);
    };
    let trial = format!("/api/v1/prompts/{prompt}/test");
    let data = json!({"test_data": {"FileContent": "package main"}});
    // It declares no key, so it needs none.
    let made = async |mode: &str| {
        let body = json!({
            "name": mode, "type": mode, "provider": "misbehaving_ai", "api_url": "https://ai.example.com",
        });
        app.post("/api/v1/models", &body).await.expect(200).id()
    };
    for (mode, reason) in [
        ("panic", "as configured"),
        ("loop", "CPU time"),
        ("oversized", "MiB"),
    ] {
        let id = made(mode).await;
        choose(id).await;
        let failed = app.post(&trial, &data).await.expect_code(424, 40002);
        assert!(failed.details().contains(reason), "{}", failed.text);
        let logs = app.get(&format!("/api/v1/models/{id}/logs")).await;
        let logs = logs.expect(200);
        assert_eq!(logs.list().len(), 1);
        assert_eq!(logs.list()[0]["status"], "failed");
    }
    choose(made("ok").await).await;
    let tried = app.post(&trial, &data).await.expect(200);
    assert_eq!(tried.data()["result"], "package main");

    let body = json!({
        "name": "neighbour", "type": OpenAi::MODEL, "api_url": server.completions_url(), "api_key": server.key,
    });
    choose(app.post("/api/v1/models", &body).await.expect(200).id()).await;
    let tried = app.post(&trial, &data).await.expect(200);
    assert_eq!(tried.data()["result"], OpenAi::TEXT);
    app.stop().await;
}
