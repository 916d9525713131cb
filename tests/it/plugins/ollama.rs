//! Models of Ollama: what its server sees of a question, and what becomes of its answers.

use super::ai::{Setup, Vendor};
use push_notify_host::{Failure, StopReason};
use push_notify_tests::{Backend, Ollama, Response, TestApp, both};
use serde_json::json;
use std::time::Duration;

both!(a_model_of_ollama_needs_no_key);

impl Vendor for Ollama {
    const PLUGIN: &str = "ollama";
    const MODEL: &str = Ollama::MODEL;

    async fn start() -> Self {
        Ollama::start().await
    }

    fn api_url(&self) -> String {
        self.url("")
    }

    fn key(&self) -> Option<String> {
        None
    }
}

async fn start() -> Setup<Ollama> {
    Setup::start().await
}

#[tokio::test]
async fn a_question_has_an_answer_with_usage() {
    let mut setup = start().await;
    setup.fields = json!({"temperature": 0.3, "max_tokens": 400, "timeout": 20, "think": false});
    let completion = setup.ask(false).await.expect("an answer");
    assert_eq!(completion.text, Ollama::TEXT);
    assert_eq!(completion.model.as_deref(), Some(Ollama::MODEL));
    assert_eq!(completion.stop, StopReason::Complete);
    let usage = completion.usage.expect("usage");
    assert_eq!((usage.input_tokens, usage.output_tokens), (21, 7));
    let request = setup.server.requests().remove(0);
    assert_eq!(request.header("authorization"), None);
    let sent = request.json();
    assert_eq!(sent["messages"][1]["content"], "为什么？");
    assert_eq!(sent["options"]["num_predict"], 400);
}

#[tokio::test]
async fn a_proxy_gets_its_key() {
    let mut setup = start().await;
    setup.key = Some("ollama-key-not-real".to_owned());
    setup.ask(false).await.expect("an answer");
    let request = setup.server.requests().remove(0);
    assert_eq!(
        request.header("authorization"),
        Some("Bearer ollama-key-not-real")
    );
}

#[tokio::test]
async fn each_form_of_the_address_will_do() {
    let mut setup = start().await;
    for path in ["", "/", "/api", "/api/chat", "/v1"] {
        setup.url = setup.server.url(path);
        assert!(setup.ask(false).await.is_ok(), "{path}");
        assert!(setup.probe().await.is_ok(), "{path}");
    }
}

#[tokio::test]
async fn a_long_question_has_room_and_is_never_cut() {
    let mut setup = start().await;
    let long = "fn main() {}\n".repeat(8000);
    setup.ask_about(&long, false).await.expect("an answer");
    let sent = setup.server.requests().remove(0).json();
    assert_eq!(sent["options"]["num_ctx"], 65_536);

    setup.fields = json!({"num_ctx": 2048});
    let refused = setup.ask_about(&long, false).await;
    assert!(
        matches!(&refused, Err(Failure::Rejected(reason)) if reason.contains("context length")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn json_is_found_in_whatever_a_model_says_around_it() {
    let setup = start().await;
    assert!(setup.ask(true).await.is_ok());
    assert_eq!(setup.server.requests()[0].json()["format"], "json");
    let object = "{\"score\": 60, \"summary\": \"a } brace\"}";
    let text = format!("<think>Maybe {{\"score\": 100}}?</think>\n\n```json\n{object}\n```");
    let message = json!({"role": "assistant", "content": text, "thinking": "{\"score\": 1}"});
    setup.server.then(Ollama::message(&message, "stop"));
    assert_eq!(setup.ask(true).await.expect("an answer").text, object);

    let cut = r#"{"score": 60, "issues": [{"line": 1}, {"line": 2}], "summ"#;
    let message = json!({"role": "assistant", "content": cut});
    setup.server.then(Ollama::message(&message, "length"));
    let completion = setup.ask(true).await.expect("an answer");
    assert_eq!(
        (completion.text.as_str(), completion.stop),
        (cut, StopReason::Length)
    );
}

#[tokio::test]
async fn a_full_queue_is_waited_for() {
    let setup = start().await;
    let full = || {
        Ollama::error(
            503,
            "server busy, please try again.  maximum pending requests",
        )
    };
    assert_eq!(setup.retried(full()).await, None);
    let after = setup.retried(full().header("retry-after", "7")).await;
    assert_eq!(after, Some(Duration::from_secs(7)));
    for status in [429, 500, 502] {
        assert_eq!(setup.retried(Ollama::error(status, "later")).await, None);
    }
}

#[tokio::test]
async fn what_only_an_administrator_can_mend_is_not_asked_again() {
    let mut setup = start().await;
    let large = "model requires more system memory (44.0 GiB) than is available (7.6 GiB)";
    let reason = setup.misconfigured(Ollama::error(500, large)).await;
    assert!(reason.contains("memory"), "{reason}");

    setup.model = "qwen3:8b";
    for refused in [setup.ask(false).await.err(), setup.probe().await.err()] {
        assert!(
            matches!(&refused, Some(Failure::Misconfigured(reason)) if reason.contains("`ollama pull qwen3:8b`")),
            "{refused:?}"
        );
    }
    setup.model = Ollama::MODEL;
    setup.fields = json!({"think": true});
    let refused = setup.ask(false).await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("thinking")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_broken_answer_is_asked_for_again() {
    let setup = start().await;
    setup.retried(Response::broken()).await;
    let cut = &br#"{"message": {"content": "bec"#[..];
    setup.retried(Response::new(200, cut)).await;
    let empty = json!({"role": "assistant", "content": ""});
    setup.retried(Ollama::message(&empty, "load")).await;
    setup.retried(Response::json(200, &json!({}))).await;
}

#[tokio::test]
async fn a_slow_server_is_waited_for_as_long_as_the_model_says() {
    let mut setup = start().await;
    setup.fields = json!({"timeout": 1});
    assert_eq!(setup.retried(Response::never()).await, None);
}

async fn a_model_of_ollama_needs_no_key(on: Backend) {
    let server = Ollama::start().await;
    let app = TestApp::start(on).await;
    let mut body = json!({
        "name": "local", "type": Ollama::MODEL, "provider": "Ollama", "api_url": server.url(""),
        "params": {"num_ctx": 16384},
    });
    let id = app.post("/api/v1/models", &body).await.expect(200).id();
    let path = format!("/api/v1/models/{id}");
    let verify = format!("{path}/verify");
    let model = app.get(&path).await.expect(200);
    assert_eq!(model.data()["api_key"], "");
    let verified = app.post(&verify, &json!({})).await.expect(200);
    assert_eq!(verified.data()["valid"], true, "{}", verified.text);

    // Without a key there is none to be had sent elsewhere.
    let localhost = server.url("").replace("127.0.0.1", "localhost");
    for url in [localhost, server.url("/api")] {
        app.put(&path, &json!({"api_url": url})).await.expect(200);
    }
    app.put(&path, &json!({"type": "qwen3:8b"}))
        .await
        .expect(200);
    let verified = app.post(&verify, &json!({})).await.expect(200);
    assert_eq!(verified.data()["valid"], false);
    let reason = verified.data()["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("`ollama pull qwen3:8b`"), "{reason}");

    app.put(
        &path,
        &json!({"provider": "openai", "params": {"num_ctx": null}}),
    )
    .await
    .expect_code(422, 40001)
    .names("api_key");

    body["name"] = json!("behind a proxy");
    body["api_key"] = json!("ollama-key-not-real");
    let id = app.post("/api/v1/models", &body).await.expect(200).id();
    let path = format!("/api/v1/models/{id}");
    let model = app.get(&path).await.expect(200);
    assert_eq!(model.data()["api_key"], "******");
    app.put(&path, &json!({"api_url": "https://elsewhere.example.com"}))
        .await
        .expect_code(422, 40001)
        .names("api_key");
    app.stop().await;
}
