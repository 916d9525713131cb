use super::{answer, complete, complete_with, said};
use push_notify_sdk::{Failure, StopReason, testing};
use serde_json::{Value, json};

fn stop(done_reason: &str) -> StopReason {
    let message = json!({"role": "assistant", "content": "text"});
    complete(&answer(message, done_reason)).unwrap().stop
}

fn retried(body: &Value) -> bool {
    matches!(complete(body), Err(Failure::Retry(_)))
}

#[test]
fn an_answer_has_its_text_model_and_usage() {
    let completion = complete(&said(" because \n")).unwrap();
    assert_eq!(completion.text, "because");
    assert_eq!(completion.model.as_deref(), Some("m:1b"));
    let usage = completion.usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (12, 34));
    assert_eq!(completion.stop, StopReason::Complete);
}

#[test]
fn usage_is_what_the_server_says_of_it() {
    let mut body = said("because");
    body["prompt_eval_count"] = Value::Null;
    let usage = complete(&body).unwrap().usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (0, 34));
    body["eval_count"] = json!("many");
    assert_eq!(complete(&body).unwrap().usage, None);
}

#[test]
fn each_end_has_its_reason() {
    assert_eq!(stop("stop"), StopReason::Complete);
    assert_eq!(stop("length"), StopReason::Length);
    assert_eq!(stop("unload"), StopReason::Other);
}

#[test]
fn thoughts_are_left_out_wherever_they_are() {
    let message = json!({"role": "assistant", "content": "because", "thinking": "hm"});
    assert_eq!(complete(&answer(message, "stop")).unwrap().text, "because");
    let inline = said("<think>hm</think>\n\nbecause");
    assert_eq!(complete(&inline).unwrap().text, "because");
}

#[test]
fn json_is_found_in_whatever_stands_around_it() {
    let text = "<think>{\"score\": 100}</think>Here it is:\n```json\n{\"score\": 60}\n```";
    let response = testing::json_response(200, &said(text));
    assert_eq!(
        complete_with(response, true).unwrap().text,
        "{\"score\": 60}"
    );
}

#[test]
fn an_answer_without_text_is_asked_for_again() {
    for message in [
        json!({"content": ""}),
        json!({"content": null}),
        json!({"content": ["text"]}),
        json!({}),
        json!("text"),
        Value::Null,
    ] {
        assert!(retried(&answer(message.clone(), "stop")), "{message}");
    }
    // What the server says when it was only told to load the model.
    assert!(retried(&answer(json!({"content": ""}), "load")));
    assert!(retried(&json!({})));
}

#[test]
fn a_model_that_thought_too_long_ran_out_of_tokens() {
    let message = json!({"content": "", "thinking": "Let me see"});
    let completion = complete(&answer(message, "length")).unwrap();
    assert_eq!(
        (completion.text.as_str(), completion.stop),
        ("", StopReason::Length)
    );
}

#[test]
fn a_web_page_needs_an_administrator_and_half_an_answer_does_not() {
    let failed = complete_with(testing::response(200, "<!doctype html>"), false);
    assert!(
        matches!(failed, Err(Failure::Misconfigured(_))),
        "{failed:?}"
    );
    let whole = said("because").to_string();
    let streamed = format!("{whole}\n{whole}\n");
    for body in [&whole[..20], &whole[..whole.len() - 1], &streamed, ""] {
        let failed = complete_with(testing::response(200, body), false);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    }
}

#[test]
fn an_error_may_come_under_a_status_of_success() {
    let failure = complete(&json!({"error": "unexpected EOF"})).unwrap_err();
    assert_eq!(failure, Failure::retry("HTTP 500: unexpected EOF"));
}
