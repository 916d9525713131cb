use super::{config, question, said, server};
use crate::{Anthropic, endpoint::Endpoint};
use push_notify_sdk::{
    Ai, AiRequest, Failure, Role, Turn,
    http::Error,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

/// The request that one completion made.
fn sent(fields: Value, request: AiRequest) -> Request {
    let host = server(vec![testing::json_response(200, &said("{}"))]);
    let result = host.run(|| Anthropic::complete(config(fields), request));
    assert!(result.is_ok(), "{result:?}");
    host.requests().remove(0)
}

fn turns(turns: &[(Role, &str)]) -> AiRequest {
    let turn = |(role, text): &(Role, &str)| Turn {
        role: *role,
        text: (*text).to_owned(),
    };
    AiRequest {
        turns: turns.iter().map(turn).collect(),
        ..question(false)
    }
}

#[test]
fn a_question_is_sent_as_it_is_documented() {
    let request = sent(json!({}), question(false));
    assert_eq!(request.url, "https://ai.example.com/v1/messages");
    assert_eq!(request.header("x-api-key"), Some("key-placeholder"));
    assert_eq!(request.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(request.timeout_ms, None);
    let expected = json!({
        "model": "m-1", "max_tokens": 4096, "system": "You review code.",
        "messages": [{"role": "user", "content": "why?"}],
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn what_an_administrator_set_is_sent_and_nothing_else() {
    let fields = json!({"temperature": 0.3, "top_p": 0.9, "max_tokens": 4000, "timeout": 90});
    let request = sent(fields, question(false));
    assert_eq!(request.timeout_ms, Some(90_000));
    let body: Value = request.json();
    assert_eq!(
        (&body["temperature"], &body["top_p"], &body["max_tokens"]),
        (&json!(0.3), &json!(0.9), &json!(4000))
    );
    assert_eq!(body.as_object().unwrap().len(), 6);
}

#[test]
fn the_smaller_token_limit_holds_and_there_always_is_one() {
    for (set, asked, expected) in [
        (json!({"max_tokens": 10}), Some(20), 10),
        (json!({"max_tokens": 20}), Some(10), 10),
        (json!({}), Some(10_000), 10_000),
        (json!({}), None, 4096),
    ] {
        let request = AiRequest {
            schema: None,
            max_tokens: asked,
            ..question(false)
        };
        assert_eq!(sent(set, request).json::<Value>()["max_tokens"], expected);
    }
}

#[test]
fn json_is_asked_for_in_words() {
    let body: Value = sent(json!({}), question(true)).json();
    let system = body["system"].as_str().unwrap();
    assert!(
        system.starts_with("You review code.\n\n") && system.contains("JSON"),
        "{system}"
    );
    assert_eq!(body.get("output_config"), None);
}

#[test]
fn what_the_system_says_stands_beside_the_messages() {
    let request = turns(&[
        (Role::System, "a"),
        (Role::User, "b"),
        (Role::Assistant, "c"),
        (Role::System, "d"),
        (Role::User, " \n"),
        (Role::User, "e"),
    ]);
    let body: Value = sent(json!({}), request).json();
    assert_eq!(body["system"], "a\n\nd");
    let expected = json!([
        {"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}, {"role": "user", "content": "e"},
    ]);
    assert_eq!(body["messages"], expected);
}

#[test]
fn a_lonely_system_message_is_asked_by_the_user() {
    let body: Value = sent(json!({}), turns(&[(Role::System, "a")])).json();
    assert_eq!(body.get("system"), None);
    assert_eq!(body["messages"], json!([{"role": "user", "content": "a"}]));
}

#[test]
fn the_address_is_used_as_given() {
    for (given, messages) in [
        (
            "https://api.anthropic.com",
            "https://api.anthropic.com/v1/messages",
        ),
        (
            "https://api.anthropic.com/v1/",
            "https://api.anthropic.com/v1/messages",
        ),
        (
            "https://api.anthropic.com/v1/messages",
            "https://api.anthropic.com/v1/messages",
        ),
        (
            "https://api.deepseek.com/anthropic",
            "https://api.deepseek.com/anthropic/v1/messages",
        ),
        (
            "https://x.example.com/claude/messages/",
            "https://x.example.com/claude/messages",
        ),
        (
            "https://x.example.com/claude?key=1#top",
            "https://x.example.com/claude/v1/messages?key=1",
        ),
    ] {
        assert_eq!(Endpoint::new(given).messages(), messages);
    }
    let model = Endpoint::new("https://x.example.com/v1/messages?a=b").model("org/model 1");
    assert_eq!(model, "https://x.example.com/v1/models/org%2Fmodel%201?a=b");
}

#[test]
fn an_error_of_the_engine_says_what_happens_next() {
    let class = |error: Error| {
        let host = Host::new().http(move |_| Err(error.clone()));
        host.run(|| Anthropic::complete(config(json!({})), question(false)))
            .unwrap_err()
    };
    assert!(matches!(class(Error::TimedOut), Failure::Retry(_)));
    let denied = Error::Denied("add a line".to_owned());
    assert_eq!(class(denied), Failure::misconfigured("add a line"));
    assert!(matches!(class(Error::TooLarge), Failure::Rejected(_)));
}
