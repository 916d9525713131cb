//! Models of servers like OpenAI's: what they see of a question, and what becomes of their answers.

use super::ai::{GRANTS, Setup, Vendor};
use push_notify_host::{Ceilings, Failure, StopReason};
use push_notify_tests::{OpenAi, Response};
use serde_json::json;
use std::time::Duration;

impl Vendor for OpenAi {
    const PLUGIN: &str = "openai";
    const MODEL: &str = OpenAi::MODEL;

    async fn start() -> Self {
        OpenAi::start().await
    }

    fn api_url(&self) -> String {
        self.completions_url()
    }

    fn key(&self) -> Option<String> {
        Some(self.key.clone())
    }
}

async fn start() -> Setup<OpenAi> {
    Setup::start().await
}

#[tokio::test]
async fn a_question_has_an_answer_with_usage() {
    let mut setup = start().await;
    setup.fields = json!({"temperature": 0.3, "top_p": 0.9, "presence_penalty": 0, "max_tokens": 4000, "timeout": 20});
    let completion = setup.ask(false).await.expect("an answer");
    assert_eq!(completion.text, OpenAi::TEXT);
    assert_eq!(completion.model.as_deref(), Some(OpenAi::MODEL));
    assert_eq!(completion.stop, StopReason::Complete);
    let usage = completion.usage.expect("usage");
    assert_eq!((usage.input_tokens, usage.output_tokens), (21, 7));
    let sent = setup.server.requests().remove(0).json();
    assert_eq!(sent["messages"][1]["content"], "为什么？");
    assert_eq!(sent["temperature"], 0.3);
    assert_eq!(sent["max_tokens"], 500);
}

#[tokio::test]
async fn a_base_address_will_do() {
    let mut setup = start().await;
    setup.url = setup.server.url("/v1/");
    assert!(setup.ask(false).await.is_ok());
    assert_eq!(setup.server.requests()[0].uri, "/v1/chat/completions");
}

#[tokio::test]
async fn json_is_found_in_whatever_a_model_says_around_it() {
    let setup = start().await;
    let object = "{\"score\": 60, \"summary\": \"a } brace\"}";
    assert!(
        setup.ask(true).await.is_ok(),
        "the server wants to read JSON in the prompt"
    );
    let sent = setup.server.requests().remove(0).json();
    assert_eq!(sent["response_format"]["type"], "json_object");
    for text in [
        format!(
            "<think>Maybe {{\"score\": 100, \"summary\": \"a longer draft of it\"}}?</think>\n\n```json\n{object}\n```"
        ),
        format!("First I look at the {{diff}}, then I say: {object}. Done."),
    ] {
        setup.server.then(OpenAi::says(&text));
        assert_eq!(setup.ask(true).await.expect("an answer").text, object);
    }
    let cut = r#"{"score": 60, "issues": [{"line": 1}, {"line": 2}], "summ"#;
    let message = json!({"role": "assistant", "content": cut});
    setup.server.then(OpenAi::message(&message, "length"));
    let completion = setup.ask(true).await.expect("an answer");
    assert_eq!(
        (completion.text.as_str(), completion.stop),
        (cut, StopReason::Length)
    );
}

#[tokio::test]
async fn a_server_without_json_mode_is_asked_without_it() {
    let setup = start().await;
    let message = "'response_format.type' must be 'json_schema' or 'text'";
    setup.server.then(OpenAi::error(400, "", message));
    assert!(setup.ask(true).await.is_ok());
    let last = setup.server.requests().remove(1).json();
    assert_eq!(last.get("response_format"), None);
}

#[tokio::test]
async fn a_reasoning_model_gets_its_limit_by_the_name_it_knows() {
    let mut setup = start().await;
    setup.model = OpenAi::THINKER;
    assert!(setup.ask(false).await.is_ok());
    let last = setup.server.requests().remove(1).json();
    assert_eq!(last["max_completion_tokens"], 500);
    setup.fields = json!({"temperature": 0.3});
    let refused = setup.ask(false).await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("temperature")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_so() {
    let setup = start().await;
    let limited = || OpenAi::error(429, "rate_limit_exceeded", "Rate limit reached");
    let after = setup.retried(limited().header("retry-after", "7")).await;
    assert_eq!(after, Some(Duration::from_secs(7)));
    let precise = limited()
        .header("retry-after", "7")
        .header("retry-after-ms", "250");
    assert_eq!(
        setup.retried(precise).await,
        Some(Duration::from_millis(250))
    );
    for status in [500, 503, 529] {
        let busy = OpenAi::error(status, "server_error", "overloaded");
        assert_eq!(setup.retried(busy).await, None);
    }
}

#[tokio::test]
async fn what_only_an_administrator_can_mend_is_not_asked_again() {
    let mut setup = start().await;
    let quota = OpenAi::error(429, "insufficient_quota", "You exceeded your current quota");
    let reason = setup.misconfigured(quota.header("retry-after", "1")).await;
    assert!(reason.contains("quota"), "{reason}");

    setup.model = "no-such-model";
    let refused = setup.ask(false).await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("no-such-model")),
        "{refused:?}"
    );

    setup.model = OpenAi::MODEL;
    setup.key = Some("sk-another-not-real".to_owned());
    for refused in [setup.ask(false).await.err(), setup.probe().await.err()] {
        let Some(Failure::Misconfigured(reason)) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            reason.contains("401") && !reason.contains("sk-"),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn a_key_that_the_server_echoes_goes_nowhere() {
    let setup = start().await;
    let key = &setup.server.key;
    let echo = format!("{key} is not allowed");
    let reason = setup.misconfigured(OpenAi::error(403, "", &echo)).await;
    assert!(
        reason.contains("is not allowed") && !reason.contains(key),
        "{reason}"
    );
    let completion = setup
        .answered(OpenAi::says(&echo))
        .await
        .expect("an answer");
    assert!(!completion.text.contains(key));
}

#[tokio::test]
async fn a_slow_server_is_waited_for_as_long_as_the_model_says() {
    let mut setup = start().await;
    setup.fields = json!({"timeout": 1});
    assert_eq!(setup.retried(Response::never()).await, None);

    // And no longer than the operator says of any call.
    let limits = Ceilings {
        ai_timeout: Duration::from_secs(2),
        ..Ceilings::default()
    };
    let setup = Setup::<OpenAi>::with(&GRANTS, limits).await;
    assert_eq!(setup.retried(Response::never()).await, None);
}

#[tokio::test]
async fn a_broken_answer_is_asked_for_again() {
    let setup = start().await;
    setup.retried(Response::broken()).await;
    let cut = &br#"{"choices": [{"message": {"content": "bec"#[..];
    setup.retried(Response::new(200, cut)).await;
    setup
        .retried(Response::json(200, &json!({"choices": []})))
        .await;
    setup.retried(Response::new(200, "")).await;
    let null = json!({"role": "assistant", "content": null});
    setup.retried(OpenAi::message(&null, "stop")).await;
}

#[tokio::test]
async fn a_refusal_is_told_as_one() {
    let setup = start().await;
    let message =
        json!({"role": "assistant", "content": null, "refusal": "I cannot help with that."});
    for response in [
        OpenAi::message(&message, "stop"),
        OpenAi::message(&json!({"content": ""}), "content_filter"),
    ] {
        let completion = setup.answered(response).await.expect("an answer");
        assert_eq!(completion.stop, StopReason::Refused);
    }
}

#[tokio::test]
async fn a_web_page_is_not_an_answer() {
    let setup = start().await;
    let page = Response::new(200, "<!doctype html><title>Welcome</title>");
    let reason = setup.misconfigured(page).await;
    assert!(reason.contains("web page"), "{reason}");
}

#[tokio::test]
async fn the_largest_answers_are_refused_without_harm() {
    let setup = start().await;
    const MIB: usize = 1 << 20;
    let text = OpenAi::says(&"long ".repeat(MIB));
    // What expands most when it is read, or when it is quoted.
    let choices = format!(r#"{{"choices": [{}]}}"#, "{},".repeat(3 * MIB));
    let quoted = format!(r#"{{"choices": "{}"}}"#, "\u{7f}".repeat(9 * MIB));
    let error = format!(r#"{{"error": {{"message": "{}"}}}}"#, "长".repeat(3 * MIB));
    let beyond = "x".repeat(11 * MIB);
    for response in [
        text,
        Response::new(200, choices),
        Response::new(200, quoted),
        Response::new(400, error),
        Response::new(200, beyond),
    ] {
        let failed = setup.answered(response).await;
        let reason = match failed {
            Err(Failure::Rejected(reason) | Failure::Retry { reason, .. }) => reason,
            other => panic!("{other:?}"),
        };
        assert!(reason.len() < 2000, "{} bytes", reason.len());
    }
    assert!(setup.ask(false).await.is_ok());
}

#[tokio::test]
async fn a_probe_tells_who_made_the_model() {
    let mut setup = start().await;
    let info = setup.probe().await.expect("it works");
    assert_eq!(info.id, OpenAi::MODEL);
    assert_eq!(info.owned_by.as_deref(), Some("stand-in"));
    assert!(info.created.is_some());
    assert_eq!(setup.server.count(), 1);

    // A server that describes nothing.
    setup.server.then(Response::new(404, "not found"));
    assert!(setup.probe().await.is_ok());
    assert_eq!(setup.server.requests()[2].json()["max_tokens"], 1);

    setup.model = "no-such-model";
    let unknown = setup.probe().await;
    assert!(
        matches!(unknown, Err(Failure::Misconfigured(_))),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn an_address_that_nobody_granted_is_not_called() {
    let setup = Setup::<OpenAi>::with(&["reuse"], Ceilings::default()).await;
    let refused = setup.ask(false).await;
    assert!(
        matches!(&refused, Err(Failure::Misconfigured(reason)) if reason.contains("http:${config.api_url}")),
        "{refused:?}"
    );
    assert_eq!(setup.server.count(), 0);
}
