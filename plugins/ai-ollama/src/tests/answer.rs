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
fn an_error_may_come_under_a_status_of_success() {
    let failure = complete(&json!({"error": "unexpected EOF"})).unwrap_err();
    assert_eq!(failure, Failure::retry("HTTP 200: unexpected EOF"));
}

#[test]
fn an_answer_line_by_line_is_read() {
    let line = |text: &str, done: bool| {
        let mut line = said(text);
        line["done"] = json!(done);
        format!("{line}\n")
    };
    let stream = |body: &str| complete_with(testing::response(200, body), false);
    let whole = format!(
        "{}{}{}",
        line("be", false),
        line("cause", false),
        line("", true)
    );
    let completion = stream(&whole).unwrap();
    assert_eq!(completion.text, "because");
    assert_eq!(completion.stop, StopReason::Complete);
    let failed = "{\"error\":\"an error was encountered while running the model\"}\n";
    for (body, told) in [
        (
            format!("{}{}", line("be", false), line("cause", false)),
            "cut off",
        ),
        (line("be", false), "cut off"),
        (
            format!("{}{failed}", line("be", false)),
            "HTTP 200: an error was",
        ),
        (format!("{}{{\"mess", line("be", false)), "cut off"),
    ] {
        let failure = stream(&body).unwrap_err();
        assert!(failure.to_string().contains(told), "{body}: {failure}");
    }
}

#[test]
fn what_is_no_answer_of_a_model_is_quoted() {
    for (body, told) in [
        (json!({"message": "no room"}), "no message: no room"),
        (json!({"success": false}), "no message: {"),
        (json!({"error": "no room"}), "HTTP 200: no room"),
        (json!({}), "no message"),
    ] {
        let failure = complete(&body).unwrap_err();
        assert!(failure.to_string().contains(told), "{body}: {failure}");
    }
    let thought = json!({"role": "assistant", "content": "", "thinking": "hm"});
    let failure = complete(&super::answer(thought, "stop")).unwrap_err();
    assert!(
        failure.to_string().contains("what the model thought"),
        "{failure}"
    );
}

#[test]
fn what_follows_the_end_is_no_answer() {
    let whole = said("because").to_string();
    let failed = complete_with(testing::response(200, format!("{whole}\n{whole}\n")), false);
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
}
