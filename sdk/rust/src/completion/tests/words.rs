use crate::{
    Failure,
    completion::{self, is_too_long, words},
    testing::response,
};

#[test]
fn a_server_is_quoted_wherever_it_puts_its_words() {
    for body in [
        r#"{"error":{"message":"no room"}}"#,
        r#"{"error":"no room"}"#,
        r#"{"error":{"error":{"message":"no room"}}}"#,
        r#"{"errors":[{"message":"no room"}]}"#,
        r#"{"errors":["no room"]}"#,
        r#"[{"error":{"message":"no room"}}]"#,
        r#"{"code":500,"msg":"no room","data":null}"#,
        r#"{"code":1002,"message":"no room","success":false}"#,
        r#"{"detail":"no room"}"#,
        r#"{"detail":[{"loc":["body"],"msg":"no room"}]}"#,
        r#"{"error_msg":"no room","error_code":336}"#,
        r#"{"error":true,"error_description":"no room"}"#,
        r#"{"base_resp":{"status_code":1004,"status_msg":"no room"}}"#,
        r#"{"type":"about:blank","title":"no room"}"#,
        "no room",
        "<html><head><TITLE>no room</TITLE></head>",
        r#""no room""#,
    ] {
        assert_eq!(words(&response(200, body)), "no room", "{body}");
    }
    for body in [
        "",
        "{}",
        "null",
        "[]",
        r#"{"success":false}"#,
        "<html>",
        r#"{"error":{}}"#,
    ] {
        assert_eq!(words(&response(200, body)), "", "{body}");
    }
}

#[test]
fn an_answer_without_what_it_should_have_is_quoted() {
    let told = |body: &str| completion::without(&response(200, body), "choices");
    let expected = |text: &str| Failure::retry(text);
    assert_eq!(
        told(r#"{"error":"Unexpected endpoint"}"#),
        expected("the answer has no choices: Unexpected endpoint")
    );
    assert_eq!(
        told(r#"{"success":false}"#),
        expected(r#"the answer has no choices: {"success":false}"#)
    );
    assert_eq!(told(""), expected("the answer has no choices"));
    let long = told(&format!(r#"{{"msg":"{}"}}"#, "长".repeat(10_000)));
    assert!(long.to_string().chars().count() < 400);
}

#[test]
fn a_question_that_is_too_long_is_known_by_what_is_said() {
    for said in [
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
        "context_length_exceeded",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
        "the request exceeds the available context size, try increasing it",
        "exceed_context_size_error",
        "Input is too long for requested model.",
        "Request too large for gpt-4 in organization x on tokens per min (TPM): Limit 10000, Requested 20000.",
        "Please reduce the length of the messages or completion.",
        "the input length exceeds the context length",
        "Range of input length should be [1, 30720]",
        "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
        "请求超过模型的上下文长度",
    ] {
        assert!(is_too_long(said), "{said}");
    }
    for said in ["Rate limit reached", "max_tokens is too large", "busy", ""] {
        assert!(!is_too_long(said), "{said}");
    }
}
