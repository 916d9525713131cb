//! Claude's models: what their server sees of a question, and what becomes of its answers.

use super::ai::{GRANTS, Setup, Vendor};
use push_notify_host::{Ceilings, Failure, StopReason};
use push_notify_tests::{Anthropic, Backend, Response, TestApp, both};
use serde_json::json;
use std::time::Duration;

both!(a_prompt_is_tried_with_a_model_of_anthropic);

impl Vendor for Anthropic {
    const PLUGIN: &str = "anthropic";
    const MODEL: &str = Anthropic::MODEL;

    async fn start() -> Self {
        Anthropic::start().await
    }

    fn api_url(&self) -> String {
        self.url("")
    }

    fn key(&self) -> Option<String> {
        Some(self.key.clone())
    }
}

async fn start() -> Setup<Anthropic> {
    Setup::start().await
}

#[tokio::test]
async fn a_question_has_an_answer_with_usage() {
    let mut setup = start().await;
    setup.fields = json!({"temperature": 0.3, "max_tokens": 4000, "timeout": 20});
    let completion = setup.ask(false).await.expect("an answer");
    assert_eq!(completion.text, Anthropic::TEXT);
    assert_eq!(completion.model.as_deref(), Some(Anthropic::MODEL));
    assert_eq!(completion.stop, StopReason::Complete);
    let usage = completion.usage.expect("usage");
    assert_eq!((usage.input_tokens, usage.output_tokens), (21, 7));
    let sent = setup.server.requests().remove(0).json();
    assert_eq!(sent["system"], "You review code.");
    assert_eq!(sent["messages"][0]["content"], "为什么？");
    assert_eq!(sent["max_tokens"], 500);
}

#[tokio::test]
async fn each_form_of_the_address_will_do() {
    let mut setup = start().await;
    for path in ["", "/", "/v1", "/v1/messages"] {
        setup.url = setup.server.url(path);
        assert!(setup.ask(false).await.is_ok(), "{path}");
        assert!(setup.probe().await.is_ok(), "{path}");
    }
}

#[tokio::test]
async fn json_is_found_in_whatever_a_model_says_around_it() {
    let setup = start().await;
    assert!(setup.ask(true).await.is_ok());
    let sent = setup.server.requests().remove(0).json();
    assert!(sent["system"].to_string().contains("JSON"), "{sent}");
    let object = "{\"score\": 60, \"summary\": \"a } brace\"}";
    let content = json!([
        {"type": "thinking", "thinking": "Maybe {\"score\": 100, \"summary\": \"a longer draft\"}?", "signature": "c2ln"},
        {"type": "text", "text": format!("Here is my review:\n```json\n{object}\n```\nDone.")},
    ]);
    setup.server.then(Anthropic::message(&content, "end_turn"));
    assert_eq!(setup.ask(true).await.expect("an answer").text, object);

    let cut = r#"{"score": 60, "issues": [{"line": 1}, {"line": 2}], "summ"#;
    let content = json!([{"type": "text", "text": cut}]);
    setup
        .server
        .then(Anthropic::message(&content, "max_tokens"));
    let completion = setup.ask(true).await.expect("an answer");
    assert_eq!(
        (completion.text.as_str(), completion.stop),
        (cut, StopReason::Length)
    );
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_so() {
    let setup = start().await;
    let limited = || Anthropic::error(429, "rate_limit_error", "This would exceed your limit");
    let after = setup.retried(limited().header("retry-after", "7")).await;
    assert_eq!(after, Some(Duration::from_secs(7)));
    let precise = limited()
        .header("retry-after", "7")
        .header("retry-after-ms", "250");
    assert_eq!(
        setup.retried(precise).await,
        Some(Duration::from_millis(250))
    );
    let overloaded = Anthropic::error(529, "overloaded_error", "Overloaded");
    assert_eq!(setup.retried(overloaded).await, None);
    let broken = Anthropic::error(500, "api_error", "Internal server error");
    assert_eq!(setup.retried(broken).await, None);
    let never = limited().header("x-should-retry", "false");
    assert!(setup.rejected(never).await.contains("429"));
}

#[tokio::test]
async fn what_only_an_administrator_can_mend_is_not_asked_again() {
    let mut setup = start().await;
    let poor = "Your credit balance is too low to access the Anthropic API.";
    let poor = Anthropic::error(400, "invalid_request_error", poor);
    let reason = setup.misconfigured(poor).await;
    assert!(reason.contains("quota"), "{reason}");
    let unpaid = Anthropic::error(402, "billing_error", "no payment");
    setup.misconfigured(unpaid).await;

    setup.fields = json!({"temperature": 1.5});
    let refused = setup.ask(false).await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("temperature")),
        "{refused:?}"
    );
    setup.fields = json!({});
    setup.model = "no-such-model";
    for refused in [setup.ask(false).await.err(), setup.probe().await.err()] {
        assert!(
            matches!(&refused, Some(Failure::Misconfigured(reason)) if reason.contains("no-such-model")),
            "{refused:?}"
        );
    }
    setup.model = Anthropic::MODEL;
    setup.key = Some("sk-ant-another-not-real".to_owned());
    for refused in [setup.ask(false).await.err(), setup.probe().await.err()] {
        assert!(
            matches!(&refused, Some(Failure::Misconfigured(reason)) if reason.contains("401")),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn too_long_a_prompt_is_rejected() {
    let setup = start().await;
    let long = "prompt is too long: 209000 tokens > 200000 maximum";
    let long = Anthropic::error(400, "invalid_request_error", long);
    assert!(setup.rejected(long).await.contains("too long"));
    let large = Anthropic::error(413, "request_too_large", "Request exceeds the maximum size");
    setup.rejected(large).await;
}

#[tokio::test]
async fn a_key_that_the_server_echoes_goes_nowhere() {
    let setup = start().await;
    let key = &setup.server.key;
    let echo = format!("{key} is not allowed");
    let refused = Anthropic::error(403, "permission_error", &echo);
    let reason = setup.misconfigured(refused).await;
    assert!(
        reason.contains("is not allowed") && !reason.contains(key),
        "{reason}"
    );
    let completion = setup.answered(Anthropic::says(&echo)).await;
    assert!(!completion.expect("an answer").text.contains(key));
}

#[tokio::test]
async fn a_refusal_is_told_as_one() {
    let setup = start().await;
    for content in [
        json!([]),
        json!([{"type": "text", "text": "I cannot help with that."}]),
    ] {
        let completion = setup
            .answered(Anthropic::message(&content, "refusal"))
            .await;
        assert_eq!(completion.expect("an answer").stop, StopReason::Refused);
    }
}

#[tokio::test]
async fn a_broken_answer_is_asked_for_again() {
    let setup = start().await;
    setup.retried(Response::broken()).await;
    let cut = &br#"{"content": [{"type": "text", "text": "bec"#[..];
    setup.retried(Response::new(200, cut)).await;
    setup
        .retried(Anthropic::message(&json!([]), "end_turn"))
        .await;
    setup.retried(Response::json(200, &json!({}))).await;
}

#[tokio::test]
async fn a_slow_server_is_waited_for_as_long_as_the_model_says() {
    let mut setup = start().await;
    setup.fields = json!({"timeout": 1});
    assert_eq!(setup.retried(Response::never()).await, None);

    // And no longer than the operator says of any model.
    let limits = Ceilings {
        ai_timeout: Duration::from_secs(2),
        ..Ceilings::default()
    };
    let setup = Setup::<Anthropic>::with(&GRANTS, limits).await;
    assert_eq!(setup.retried(Response::never()).await, None);
}

#[tokio::test]
async fn a_server_that_describes_no_models_is_asked_for_one_token() {
    let setup = start().await;
    let info = setup.probe().await.expect("it works");
    assert_eq!(info.id, Anthropic::MODEL);
    assert_eq!(setup.server.count(), 1);
    setup.server.then(Response::new(404, "not found"));
    assert!(setup.probe().await.is_ok());
    assert_eq!(setup.server.requests()[2].json()["max_tokens"], 1);
}

async fn a_prompt_is_tried_with_a_model_of_anthropic(on: Backend) {
    let server = Anthropic::start().await;
    let mut app = TestApp::start(on).await;
    app.secrets.push(server.key.clone());
    let body = json!({
        "name": "Claude", "type": Anthropic::MODEL, "provider": "Anthropic", "api_url": server.url(""),
        "api_key": server.key, "params": {"temperature": 0.2},
    });
    let id = app.post("/api/v1/models", &body).await.expect(200).id();
    let verified = app
        .post(&format!("/api/v1/models/{id}/verify"), &json!({}))
        .await
        .expect(200);
    assert_eq!(verified.data()["valid"], true, "{}", verified.text);

    let prompt = json!({"name": "trial", "type": "codeview", "content": "{{.FileContent}}"});
    let prompt = app.post("/api/v1/prompts", &prompt).await.expect(200).id();
    let trial = format!("/api/v1/prompts/{prompt}/test");
    let data = json!({"test_data": {"FileContent": "package main"}});
    let tried = app.post(&trial, &data).await.expect(200);
    assert_eq!(tried.data()["result"], Anthropic::TEXT);
    assert_eq!(tried.data()["tokens_used"], 28);

    server.then(Anthropic::error(529, "overloaded_error", "Overloaded"));
    let failed = app.post(&trial, &data).await.expect_code(424, 40002);
    assert!(failed.details().contains("529"), "{}", failed.text);

    // Parameters that Claude's models do not have.
    let params = json!({"params": {"presence_penalty": 1}});
    app.put(&format!("/api/v1/models/{id}"), &params)
        .await
        .expect_code(422, 40001)
        .names("params.presence_penalty");
    app.assert_nothing_leaked();
    app.stop().await;
}
