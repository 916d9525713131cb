use super::{answer, complete, complete_with, event, said};
use push_notify_sdk::{Failure, StopReason, testing};
use serde_json::{Value, json};

fn stop(stop_reason: &str) -> StopReason {
    let content = json!([{"type": "text", "text": "text"}]);
    complete(&answer(content, stop_reason)).unwrap().stop
}

fn retried(body: &Value) -> bool {
    matches!(complete(body), Err(Failure::Retry(_)))
}

#[test]
fn what_the_cache_holds_is_input_too() {
    let usage = |usage: Value| {
        let mut body = said("because");
        body["usage"] = usage;
        let usage = complete(&body).unwrap().usage;
        usage.map(|usage| (usage.input_tokens, usage.output_tokens))
    };
    let cached = json!({
        "input_tokens": 1, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 300, "output_tokens": 4,
    });
    assert_eq!(usage(cached), Some((321, 4)));
    let uncached = json!({"input_tokens": 1, "cache_read_input_tokens": null, "output_tokens": 4});
    assert_eq!(usage(uncached), Some((1, 4)));
    assert_eq!(usage(json!({})), None);
    assert_eq!(usage(json!("a lot")), None);
    let much = json!({"input_tokens": 1e300, "cache_read_input_tokens": 1e300});
    assert_eq!(usage(much), Some((u64::MAX, 0)));
}

#[test]
fn each_end_has_its_reason() {
    assert_eq!(stop("end_turn"), StopReason::Complete);
    assert_eq!(stop("stop_sequence"), StopReason::Complete);
    assert_eq!(stop("max_tokens"), StopReason::Length);
    assert_eq!(stop("model_context_window_exceeded"), StopReason::Length);
    assert_eq!(stop("refusal"), StopReason::Refused);
    assert_eq!(stop("tool_use"), StopReason::Other);
    assert_eq!(stop("pause_turn"), StopReason::Other);
    let mut body = said("text");
    body["stop_reason"] = Value::Null;
    assert_eq!(complete(&body).unwrap().stop, StopReason::Other);
}

#[test]
fn thoughts_are_left_out() {
    let content = json!([
        {"type": "thinking", "thinking": "hm", "text": "hm", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "aG0="},
        {"type": "text", "text": "be"},
        "rubbish",
        {"type": "text", "text": "cause"},
    ]);
    assert_eq!(
        complete(&answer(content, "end_turn")).unwrap().text,
        "because"
    );
}

#[test]
fn an_answer_without_text_is_asked_for_again() {
    for content in [
        json!([]),
        json!([{"type": "text", "text": "  "}]),
        json!([{"type": "text", "text": 7}]),
        json!([{"type": "tool_use", "id": "t", "name": "n", "input": {}}]),
        json!("text"),
        Value::Null,
    ] {
        assert!(retried(&answer(content.clone(), "end_turn")), "{content}");
    }
    assert!(retried(&json!({})));
}

#[test]
fn an_answer_that_ended_before_its_text_says_why() {
    for (reason, stop) in [
        ("max_tokens", StopReason::Length),
        ("refusal", StopReason::Refused),
    ] {
        let completion = complete(&answer(json!([]), reason)).unwrap();
        assert_eq!((completion.text.as_str(), completion.stop), ("", stop));
    }
}

#[test]
fn an_error_may_come_under_a_status_of_success() {
    let failure = |kind: &str| {
        let error = json!({"type": kind, "message": "no"});
        complete(&json!({"type": "error", "error": error})).unwrap_err()
    };
    assert_eq!(failure("overloaded_error"), Failure::retry("HTTP 529: no"));
    assert_eq!(failure("api_error"), Failure::retry("HTTP 200: no"));
    assert!(matches!(
        failure("authentication_error"),
        Failure::Misconfigured(_)
    ));
    let mut body = said("because");
    body["error"] = Value::Null;
    assert!(complete(&body).is_ok());
}

#[test]
fn an_answer_that_nobody_asked_to_be_streamed_is_read() {
    let delta =
        |delta: Value| event(&json!({"type": "content_block_delta", "index": 0, "delta": delta}));
    let start = event(&json!({"type": "message_start", "message": {
        "id": "msg_1", "model": "m-1-2026", "content": [], "usage": {"input_tokens": 12, "output_tokens": 1},
    }}));
    let begun = [
        start.clone(),
        event(&json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})),
        event(&json!({"type": "ping"})),
        delta(json!({"type": "text_delta", "text": "be"})),
        delta(json!({"type": "text_delta", "text": "cause"})),
    ]
    .concat();
    let end = |reason: &str| {
        event(
            &json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 34}}),
        )
    };
    let stream = |body: &str| complete_with(testing::response(200, body), false);
    for body in [
        format!(
            "{begun}{}{}",
            end("end_turn"),
            event(&json!({"type": "message_stop"}))
        ),
        format!("{begun}{}", end("end_turn")),
    ] {
        let completion = stream(&body).unwrap();
        assert_eq!(completion.text, "because");
        assert_eq!(completion.stop, StopReason::Complete);
        assert_eq!(completion.model.as_deref(), Some("m-1-2026"));
        let usage = completion.usage.unwrap();
        assert_eq!((usage.input_tokens, usage.output_tokens), (12, 34));
    }
    let cut = stream(&format!("{begun}{}", end("max_tokens"))).unwrap();
    assert_eq!(cut.stop, StopReason::Length);
    let thought = delta(json!({"type": "thinking_delta", "thinking": "hm"}));
    for (body, told) in [
        (begun.clone(), "cut off"),
        (event(&json!({"type": "ping"})), "no content"),
        (
            format!(
                "{begun}{}",
                event(
                    &json!({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}})
                )
            ),
            "HTTP 529: busy",
        ),
        (
            format!("{start}{thought}{}", end("end_turn")),
            "what the model thought",
        ),
    ] {
        let failure = stream(&body).unwrap_err();
        assert!(failure.to_string().contains(told), "{body}: {failure}");
        assert!(matches!(failure, Failure::Retry(_)), "{failure:?}");
    }
}

#[test]
fn what_is_no_answer_of_a_model_is_quoted() {
    for (body, told) in [
        (json!({"message": "no room"}), "no content: no room"),
        (json!({"success": false}), "no content: {"),
        (json!({"error": "no room"}), "HTTP 200: no room"),
        (
            json!({"choices": [{"message": {"content": "x"}}]}),
            "no content",
        ),
        (
            json!({"content": "text", "msg": "no room"}),
            "no content: no room",
        ),
        (json!({}), "no content"),
    ] {
        let failure = complete(&body).unwrap_err();
        assert!(failure.to_string().contains(told), "{body}: {failure}");
    }
}
