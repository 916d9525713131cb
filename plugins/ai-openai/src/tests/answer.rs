use super::{answer, chunk, complete, complete_with, said};
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
    for cut in [
        "max_tokens",
        "MAX_TOKENS",
        "Length",
        "max_output_tokens",
        "model_length",
    ] {
        assert_eq!(stop(cut), StopReason::Length, "{cut}");
    }
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
fn a_model_that_only_thought_is_told_of_as_such() {
    for message in [
        json!({"content": "", "reasoning_content": "Let me see"}),
        json!({"content": null, "reasoning_content": "Let me see"}),
        json!({"reasoning": "Let me see"}),
        json!({"content": [], "reasoning_content": "Let me see"}),
    ] {
        for end in ["stop", "unheard of"] {
            let failure = complete(&answer(message.clone(), end)).unwrap_err();
            assert!(
                failure.to_string().contains("what the model thought"),
                "{failure}"
            );
            assert!(matches!(failure, Failure::Retry(_)));
        }
    }
    let said = json!({"content": "because", "reasoning_content": "Let me see"});
    assert_eq!(complete(&answer(said, "stop")).unwrap().text, "because");
}

#[test]
fn an_answer_that_nobody_asked_to_be_streamed_is_read() {
    let usage = r#"data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":34}}"#;
    let stream = [
        ": keep-alive\n\n".to_owned(),
        chunk(json!({"role": "assistant", "content": ""}), Value::Null),
        chunk(json!({"reasoning_content": "hm"}), Value::Null),
        chunk(json!({"content": "be"}), Value::Null),
        chunk(json!({"content": "cause"}), Value::Null),
        chunk(json!({}), json!("stop")),
        format!("{usage}\n\n"),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();
    let named =
        testing::response(200, stream.clone()).with_header("content-type", "text/event-stream");
    let events = stream.replacen(": keep-alive\n\n", "", 1);
    for response in [
        named,
        testing::response(200, events.clone()),
        testing::response(200, events.replace('\n', "\r\n")),
        testing::response(200, events.replace("data: [DONE]\n\n", "")),
    ] {
        let completion = complete_with(response, true).unwrap();
        assert_eq!(completion.text, "because");
        assert_eq!(completion.stop, StopReason::Complete);
        assert_eq!(completion.model.as_deref(), Some("m-1-2026"));
        let usage = completion.usage.unwrap();
        assert_eq!((usage.input_tokens, usage.output_tokens), (12, 34));
    }
}

#[test]
fn a_stream_that_ends_before_its_end_is_no_answer() {
    let piece = chunk(json!({"content": "be"}), Value::Null);
    let complete = |body: &str| complete_with(testing::response(200, body), false);
    for (body, told) in [
        (piece.clone(), "cut off"),
        (format!("{piece}data: {{\"choices\": [{{\"del"), "cut off"),
        ("data: [DONE]\n\n".to_owned(), "no choices"),
        (
            format!("{piece}data: {{\"error\": {{\"message\": \"no room\"}}}}\n\n"),
            "no room",
        ),
        (
            "event: error\ndata: {\"error\": \"no room\"}\n\n".to_owned(),
            "no room",
        ),
        (
            chunk(json!({"reasoning_content": "hm"}), json!("stop")),
            "what the model thought",
        ),
        (
            chunk(json!({"content": "x"}), json!("network_error")),
            "gave up",
        ),
    ] {
        let failure = complete(&body).unwrap_err();
        assert!(failure.to_string().contains(told), "{body}: {failure}");
        assert!(matches!(failure, Failure::Retry(_)), "{failure:?}");
    }
    let cut = complete(&chunk(json!({"content": "be"}), json!("length"))).unwrap();
    assert_eq!(cut.stop, StopReason::Length);
    let refused = complete(&chunk(json!({"refusal": "no"}), json!("stop"))).unwrap();
    assert_eq!(refused.stop, StopReason::Refused);
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
fn an_error_may_come_under_a_status_of_success() {
    let failure = |error: Value| complete(&json!({"error": error})).unwrap_err();
    let whole = |body: Value| complete(&body).unwrap_err().to_string();
    for (body, told) in [
        (
            json!({"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
            "HTTP 200: Unexpected endpoint or method. (POST /chat/completions)",
        ),
        (
            json!({"error": {"message": "no room"}}),
            "HTTP 200: no room",
        ),
        (
            json!({"code": 1002, "message": "no room"}),
            "no choices: no room",
        ),
        (
            json!({"code": 503, "message": "no room"}),
            "HTTP 503: no room",
        ),
        (
            json!({"code": "429", "msg": "no room"}),
            "HTTP 429: no room",
        ),
        (json!({"success": false}), "no choices: {"),
        (
            json!({"success": false, "msg": "no room"}),
            "no choices: no room",
        ),
        (
            json!({"base_resp": {"status_code": 1004, "status_msg": "no room"}}),
            "no room",
        ),
        (json!({"detail": "no room"}), "no room"),
        (
            json!({"choices": [{"error": {"message": "no room"}}], "message": "no room"}),
            "no room",
        ),
        (json!({}), "no choices: {}"),
    ] {
        let said = whole(body.clone());
        assert!(said.contains(told), "{body}: {said}");
    }
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
