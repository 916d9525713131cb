use super::{complete, config, question, said, server};
use crate::{OpenAi, endpoint::Endpoint};
use push_notify_sdk::{
    Ai, AiRequest, Failure, Role, Turn,
    http::{Error, Response},
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

fn ok() -> Response {
    testing::json_response(200, &said("{}"))
}

fn refused(message: &str) -> Response {
    testing::json_response(400, &json!({"error": {"message": message}}))
}

/// The requests that one completion made.
fn sent(fields: Value, request: AiRequest, answers: Vec<Response>) -> Vec<Request> {
    let host = server(answers);
    let result = host.run(|| OpenAi::complete(config(fields), request));
    assert!(result.is_ok(), "{result:?}");
    host.requests()
}

fn body(fields: Value, request: AiRequest) -> Value {
    sent(fields, request, vec![ok()])[0].json()
}

#[test]
fn a_question_is_sent_as_it_is_documented() {
    let request = sent(json!({}), question(false), vec![ok()]).remove(0);
    assert_eq!(request.url, "https://ai.example.com/v1/chat/completions");
    assert_eq!(
        request.header("authorization"),
        Some("Bearer key-placeholder")
    );
    assert_eq!(request.timeout_ms, None);
    let expected = json!({
        "model": "m-1",
        "messages": [
            {"role": "system", "content": "You review code."},
            {"role": "user", "content": "why?"},
        ],
    });
    assert_eq!(request.json::<Value>(), expected);
}

#[test]
fn what_an_administrator_set_is_sent_and_nothing_else() {
    let fields = json!({
        "temperature": 0.3, "top_p": 0.9, "presence_penalty": 0, "frequency_penalty": -0.5, "max_tokens": 4000, "timeout": 90,
    });
    let request = sent(fields, question(false), vec![ok()]).remove(0);
    assert_eq!(request.timeout_ms, Some(90_000));
    let body: Value = request.json();
    assert_eq!(
        (&body["temperature"], &body["top_p"]),
        (&json!(0.3), &json!(0.9))
    );
    assert_eq!(body["presence_penalty"].as_f64(), Some(0.0));
    assert_eq!(body["frequency_penalty"], -0.5);
    assert_eq!(body["max_tokens"], 4000);
    let names: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 7, "{names:?}");
}

#[test]
fn the_smaller_token_limit_holds() {
    for (set, asked, expected) in [
        (json!({"max_tokens": 10}), Some(20), json!(10)),
        (json!({"max_tokens": 20}), Some(10), json!(10)),
        (json!({}), Some(10), json!(10)),
        (json!({}), None, Value::Null),
    ] {
        let request = AiRequest {
            schema: None,
            max_tokens: asked,
            ..question(false)
        };
        assert_eq!(body(set, request)["max_tokens"], expected);
    }
}

#[test]
fn the_token_limit_has_the_name_that_the_server_knows() {
    let limited = || AiRequest {
        schema: None,
        max_tokens: Some(10),
        ..question(false)
    };
    let name = |fields: Value| {
        let body = body(fields, limited());
        let old = body.get("max_tokens").map(|_| "old");
        let new = body.get("max_completion_tokens").map(|_| "new");
        old.xor(new).unwrap()
    };
    assert_eq!(name(json!({})), "old");
    assert_eq!(name(json!({"token_limit": "auto"})), "old");
    assert_eq!(name(json!({"token_limit": "max_completion_tokens"})), "new");
    let openai = "https://api.openai.com/v1/chat/completions";
    assert_eq!(name(json!({"api_url": openai})), "new");
    assert_eq!(
        name(json!({"api_url": openai, "token_limit": "max_tokens"})),
        "old"
    );
}

#[test]
fn a_refused_token_limit_is_sent_under_its_other_name_once() {
    let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let fields = json!({"max_tokens": 10});
    let requests = sent(
        fields.clone(),
        question(false),
        vec![refused(message), ok()],
    );
    let second: Value = requests[1].json();
    assert_eq!(second["max_completion_tokens"], 10);
    assert_eq!(second.get("max_tokens"), None);

    let host = server(vec![refused(message)]);
    let failed = host.run(|| OpenAi::complete(config(fields), question(false)));
    assert!(matches!(failed, Err(Failure::Rejected(_))), "{failed:?}");
    assert_eq!(host.requests().len(), 2);

    let chosen = json!({"max_tokens": 10, "token_limit": "max_tokens"});
    let host = server(vec![refused(message)]);
    host.run(|| OpenAi::complete(config(chosen), question(false)))
        .unwrap_err();
    assert_eq!(host.requests().len(), 1);
}

#[test]
fn a_strict_server_names_what_it_does_not_know_in_its_own_way() {
    let detail = r#"{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted"}]}"#;
    let fields = json!({"api_url": "https://api.openai.com/v1", "max_tokens": 10});
    let answers = vec![testing::response(422, detail), ok()];
    let requests = sent(fields, question(false), answers);
    assert_eq!(requests[1].json::<Value>()["max_tokens"], 10);
}

#[test]
fn too_large_a_limit_is_not_a_limit_of_another_name() {
    let host = server(vec![refused(
        "max_tokens is too large: 100000. This model supports at most 16384 tokens.",
    )]);
    let failed =
        host.run(|| OpenAi::complete(config(json!({"max_tokens": 100_000})), question(false)));
    assert!(matches!(failed, Err(Failure::Rejected(_))), "{failed:?}");
    assert_eq!(host.requests().len(), 1);
}

#[test]
fn json_is_asked_for_by_format_and_by_word() {
    let body = body(json!({}), question(true));
    assert_eq!(body["response_format"], json!({"type": "json_object"}));
    let system = body["messages"][0]["content"].as_str().unwrap();
    assert!(
        system.starts_with("You review code.\n\n") && system.contains("JSON"),
        "{system}"
    );
    assert_eq!(body["messages"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_prompt_that_mentions_json_is_left_alone() {
    let turns = vec![Turn {
        role: Role::User,
        text: "answer as Json".to_owned(),
    }];
    let request = AiRequest {
        turns,
        ..question(true)
    };
    let expected = json!([{"role": "user", "content": "answer as Json"}]);
    assert_eq!(body(json!({}), request)["messages"], expected);
}

#[test]
fn a_server_without_json_mode_is_asked_without() {
    for message in [
        "'response_format.type' must be 'json_schema' or 'text'",
        "This response_format type is unavailable now",
    ] {
        let requests = sent(json!({}), question(true), vec![refused(message), ok()]);
        let second: Value = requests[1].json();
        assert_eq!(second.get("response_format"), None);
        assert!(
            second["messages"][0]["content"]
                .as_str()
                .unwrap()
                .contains("JSON")
        );
    }
    let body = body(json!({"json_mode": false}), question(true));
    assert_eq!(body.get("response_format"), None);
}

#[test]
fn both_differences_may_meet() {
    let answers = vec![
        refused("unknown parameter response_format"),
        refused("unknown parameter max_tokens"),
        ok(),
    ];
    let requests = sent(json!({"max_tokens": 10}), question(true), answers);
    let third: Value = requests[2].json();
    assert_eq!(third.get("response_format"), None);
    assert_eq!(third["max_completion_tokens"], 10);
}

#[test]
fn the_address_is_used_as_given() {
    for (given, completions) in [
        (
            "https://api.openai.com/v1/chat/completions",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            "https://api.openai.com/v1/chat/completions/",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            "https://api.deepseek.com",
            "https://api.deepseek.com/chat/completions",
        ),
        (
            "https://open.bigmodel.cn/api/paas/v4/",
            "https://open.bigmodel.cn/api/paas/v4/chat/completions",
        ),
        (
            "http://127.0.0.1:11434/v1",
            "http://127.0.0.1:11434/v1/chat/completions",
        ),
        (
            "https://x.example.com/d/chat/completions?api-version=1#top",
            "https://x.example.com/d/chat/completions?api-version=1",
        ),
        (
            " https://x.example.com/d?api-version=1",
            "https://x.example.com/d/chat/completions?api-version=1",
        ),
    ] {
        assert_eq!(Endpoint::new(given).completions(), completions);
    }
    let model = |url| Host::new().run(|| Endpoint::new(url).model("org/model 1"));
    assert_eq!(
        model("https://x.example.com/v1/chat/completions?a=b"),
        "https://x.example.com/v1/models/org%2Fmodel%201?a=b"
    );
}

#[test]
fn an_error_of_the_engine_says_what_happens_next() {
    let class = |error: Error| {
        let host = Host::new().http(move |_| Err(error.clone()));
        host.run(|| OpenAi::complete(config(json!({})), question(false)))
            .unwrap_err()
    };
    assert!(matches!(class(Error::TimedOut), Failure::Retry(_)));
    let denied = Error::Denied("add a line".to_owned());
    assert_eq!(class(denied), Failure::misconfigured("add a line"));
    assert!(matches!(class(Error::TooLarge), Failure::Rejected(_)));
}

#[test]
fn nothing_is_logged() {
    let host = server(vec![testing::response(401, "no")]);
    host.run(|| OpenAi::complete(config(json!({})), question(false)))
        .unwrap_err();
    assert!(host.lines().is_empty());
    assert!(complete(&said("fine")).is_ok());
}
