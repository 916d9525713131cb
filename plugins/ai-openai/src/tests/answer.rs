use super::{answer, complete, complete_with, said};
use push_notify_sdk::{Failure, StopReason, testing};
use serde_json::{Value, json};

fn stop(finish_reason: &str) -> StopReason {
    let message = json!({"role": "assistant", "content": "text"});
    complete(&answer(message, finish_reason)).unwrap().stop
}

fn retried(body: &Value) -> bool {
    matches!(complete(body), Err(Failure::Retry(_)))
}

#[test]
fn an_answer_has_its_text_model_and_usage() {
    let completion = complete(&said(" because \n")).unwrap();
    assert_eq!(completion.text, "because");
    assert_eq!(completion.model.as_deref(), Some("m-1-2026"));
    let usage = completion.usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (12, 34));
    assert_eq!(completion.stop, StopReason::Complete);
}

#[test]
fn usage_is_what_the_server_says_of_it() {
    let usage = |usage: Value| {
        let mut body = said("because");
        body["usage"] = usage;
        let usage = complete(&body).unwrap().usage;
        usage.map(|usage| (usage.input_tokens, usage.output_tokens))
    };
    assert_eq!(usage(Value::Null), None);
    assert_eq!(usage(json!({})), None);
    assert_eq!(usage(json!("a lot")), None);
    assert_eq!(usage(json!({"prompt_tokens": 1.0})), Some((1, 0)));
    assert_eq!(
        usage(json!({"prompt_tokens": -1, "completion_tokens": "2"})),
        None
    );
    assert_eq!(
        usage(json!({"prompt_tokens": 1e300, "completion_tokens": 2})),
        Some((u64::MAX, 2))
    );
}

#[test]
fn each_end_has_its_reason() {
    assert_eq!(stop("stop"), StopReason::Complete);
    assert_eq!(stop("length"), StopReason::Length);
    assert_eq!(stop("content_filter"), StopReason::Refused);
    assert_eq!(stop("tool_calls"), StopReason::Other);
    assert_eq!(stop("end_turn"), StopReason::Other);
    let mut body = said("text");
    body["choices"][0]["finish_reason"] = Value::Null;
    assert_eq!(complete(&body).unwrap().stop, StopReason::Other);
}

#[test]
fn a_refusal_is_an_answer() {
    let message =
        json!({"role": "assistant", "content": null, "refusal": "I cannot help with that."});
    let completion = complete(&answer(message, "stop")).unwrap();
    assert_eq!(completion.stop, StopReason::Refused);
    assert_eq!(completion.text, "I cannot help with that.");
    let message = json!({"role": "assistant", "content": "fine", "refusal": null});
    let completion = complete(&answer(message, "stop")).unwrap();
    assert_eq!(completion.stop, StopReason::Complete);
}

#[test]
fn an_answer_without_text_is_asked_for_again() {
    for message in [
        json!({"content": null}),
        json!({"content": "  "}),
        json!({"content": 7}),
        json!({}),
        json!("text"),
        Value::Null,
    ] {
        assert!(retried(&answer(message.clone(), "stop")), "{message}");
    }
    for body in [
        json!({}),
        json!({"choices": []}),
        json!({"choices": null}),
        json!({"choices": {"0": 1}}),
        json!({"choices": ["text"]}),
    ] {
        assert!(retried(&body), "{body}");
    }
}

#[test]
fn a_model_that_thought_too_long_ran_out_of_tokens() {
    let message = json!({"content": "", "reasoning_content": "Let me see"});
    let completion = complete(&answer(message, "length")).unwrap();
    assert_eq!(
        (completion.text.as_str(), completion.stop),
        ("", StopReason::Length)
    );
}

#[test]
fn a_server_that_gave_up_is_asked_again() {
    let message = json!({"content": "half of"});
    assert!(retried(&answer(message, "insufficient_system_resource")));
}

#[test]
fn text_may_come_in_pieces() {
    let content = json!([
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "be"},
        {"type": "text", "text": "cause"},
        "rubbish",
    ]);
    let completion = complete(&answer(json!({"content": content}), "stop")).unwrap();
    assert_eq!(completion.text, "because");
}

#[test]
fn a_web_page_needs_an_administrator_and_half_an_answer_does_not() {
    for page in ["<!doctype html><html>", "\n <html>"] {
        let failed = complete_with(testing::response(200, page), false);
        assert!(
            matches!(failed, Err(Failure::Misconfigured(_))),
            "{failed:?}"
        );
    }
    let whole = said("because").to_string();
    for cut in [0, 1, 20, whole.len() - 1] {
        let failed = complete_with(testing::response(200, &whole.as_bytes()[..cut]), false);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    }
}

#[test]
fn an_error_may_come_under_a_status_of_success() {
    let failure = |error: Value| complete(&json!({"error": error})).unwrap_err();
    let retry = Failure::retry("HTTP 502: Provider returned error");
    assert_eq!(
        failure(json!({"code": 502, "message": "Provider returned error"})),
        retry
    );
    assert!(matches!(
        failure(json!({"code": 401})),
        Failure::Misconfigured(_)
    ));
    assert!(matches!(failure(json!("anything")), Failure::Retry(_)));
    let mut body = said("because");
    body["error"] = Value::Null;
    assert!(complete(&body).is_ok());
}
