mod answer;
mod conformance;
mod failure;
mod hostile;
mod model;
mod request;

use crate::{Config, OpenAi};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Ai, AiRequest, Completion, Failure, Role, Turn, http::Response, testing, testing::Host,
};
use serde_json::{Value, json};

fn config(fields: Value) -> Config {
    let mut config = json!({
        "api_url": "https://ai.example.com/v1", "api_key": "key-placeholder", "model": "m-1",
    });
    let more = fields.as_object().unwrap().clone();
    config.as_object_mut().unwrap().extend(more);
    serde_json::from_value(config).unwrap()
}

fn question(json: bool) -> AiRequest {
    let turn = |role, text: &str| Turn {
        role,
        text: text.to_owned(),
    };
    AiRequest {
        turns: vec![
            turn(Role::System, "You review code."),
            turn(Role::User, "why?"),
        ],
        json,
        schema: None,
        max_tokens: None,
    }
}

/// A successful answer with this message and reason to stop.
fn answer(message: Value, finish_reason: &str) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_760_000_000, "model": "m-1-2026",
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 34, "total_tokens": 46},
    })
}

fn said(text: &str) -> Value {
    answer(json!({"role": "assistant", "content": text}), "stop")
}

/// A host whose server gives these answers one after another, the last for ever.
fn server(answers: Vec<Response>) -> Host {
    let mut answers = answers.into_iter().peekable();
    let mut last = None;
    Host::new().now_ms(1_735_693_200_000).http(move |_| {
        last = answers.next().or_else(|| last.take());
        Ok(last.clone().unwrap())
    })
}

fn complete_with(response: Response, json: bool) -> Result<Completion, Failure> {
    server(vec![response]).run(|| OpenAi::complete(config(json!({})), question(json)))
}

fn complete(body: &Value) -> Result<Completion, Failure> {
    complete_with(testing::json_response(200, body), false)
}

fn chunk(delta: Value, finish_reason: Value) -> String {
    let chunk = json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "m-1-2026",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    });
    format!("data: {chunk}\n\n")
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!((manifest.id.as_str(), manifest.kind), ("openai", Kind::Ai));
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.permissions.asked(),
        ["http:${config.api_url}", "reuse"]
    );
    let mut full = json!({
        "api_url": "https://api.openai.com/v1/chat/completions", "api_key": "k", "model": "gpt-4",
        "temperature": 0.3, "top_p": 0.9, "presence_penalty": 0, "frequency_penalty": -0.5,
        "max_tokens": 4000, "timeout": 60, "token_limit": "max_completion_tokens", "json_mode": false,
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(manifest.config["api_key"].secret);
    let config: Config = serde_json::from_value(full).unwrap();
    assert_eq!((config.timeout, config.json_mode), (Some(60), false));
}
