use super::{config, question, said, server};
use crate::{Ollama, endpoint::Endpoint};
use push_notify_sdk::{
    Ai, AiRequest, Failure,
    http::Error,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

/// The request that one completion made.
fn sent(fields: Value, request: AiRequest) -> Request {
    let host = server(testing::json_response(200, &said("{}")));
    let result = host.run(|| Ollama::complete(config(fields), request));
    assert!(result.is_ok(), "{result:?}");
    host.requests().remove(0)
}

#[test]
fn a_question_is_sent_as_it_is_documented() {
    let request = sent(json!({}), question(false));
    assert_eq!(request.url, "http://ollama.example.com:11434/api/chat");
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.timeout_ms, None);
    let expected = json!({
        "model": "m:1b",
        "messages": [
            {"role": "system", "content": "You review code."},
            {"role": "user", "content": "why?"},
        ],
        "stream": false,
        "truncate": false,
        "options": {"num_ctx": 8192},
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn what_an_administrator_set_is_sent() {
    let fields = json!({
        "api_key": "key-placeholder", "temperature": 0.3, "top_p": 0.9, "presence_penalty": 0,
        "frequency_penalty": -0.5, "max_tokens": 4000, "num_ctx": 20_000, "think": false, "keep_alive": "30m",
        "timeout": 90,
    });
    let request = sent(fields, question(false));
    assert_eq!(request.timeout_ms, Some(90_000));
    assert_eq!(
        request.header("authorization"),
        Some("Bearer key-placeholder")
    );
    let body: Value = request.json();
    let options = json!({
        "num_ctx": 20_000, "num_predict": 4000, "temperature": 0.3, "top_p": 0.9, "presence_penalty": 0.0,
        "frequency_penalty": -0.5,
    });
    assert_eq!(body["options"], options);
    assert_eq!(body["think"], false);
    assert_eq!(body["keep_alive"], "30m");
}

#[test]
fn an_empty_key_is_none() {
    let request = sent(json!({"api_key": ""}), question(false));
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn json_is_asked_for_by_format_and_by_word() {
    let body: Value = sent(json!({}), question(true)).json();
    assert_eq!(body["format"], "json");
    let system = body["messages"][0]["content"].as_str().unwrap();
    assert!(system.contains("JSON"), "{system}");
    let body: Value = sent(json!({"json_mode": false}), question(true)).json();
    assert_eq!(body.get("format"), None);
}

#[test]
fn the_smaller_token_limit_holds() {
    let request = AiRequest {
        schema: None,
        max_tokens: Some(10),
        ..question(false)
    };
    let body: Value = sent(json!({"max_tokens": 20}), request).json();
    assert_eq!(body["options"]["num_predict"], 10);
}

#[test]
fn the_address_is_used_as_given() {
    for given in [
        "http://10.0.0.7:11434",
        "http://10.0.0.7:11434/",
        "http://10.0.0.7:11434/api",
        "http://10.0.0.7:11434/api/chat",
        "http://10.0.0.7:11434/v1/",
        "http://10.0.0.7:11434/v1/chat/completions",
    ] {
        let endpoint = Endpoint::new(given);
        assert_eq!(endpoint.chat(), "http://10.0.0.7:11434/api/chat");
        assert_eq!(endpoint.tags(), "http://10.0.0.7:11434/api/tags");
    }
    let behind_a_proxy = Endpoint::new("https://x.example.com/ollama?key=1#top");
    assert_eq!(
        behind_a_proxy.chat(),
        "https://x.example.com/ollama/api/chat?key=1"
    );
}

#[test]
fn an_error_of_the_engine_says_what_happens_next() {
    let class = |error: Error| {
        let host = Host::new().http(move |_| Err(error.clone()));
        host.run(|| Ollama::complete(config(json!({})), question(false)))
            .unwrap_err()
    };
    assert!(matches!(class(Error::TimedOut), Failure::Retry(_)));
    let denied = Error::Denied("add a line".to_owned());
    assert_eq!(class(denied), Failure::misconfigured("add a line"));
    assert!(matches!(class(Error::TooLarge), Failure::Rejected(_)));
}
