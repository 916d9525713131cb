mod answer;
mod conformance;
mod context;
mod failure;
mod hostile;
mod model;
mod request;

use crate::{Config, Ollama};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Ai, AiRequest, Completion, Failure, Role, Turn, http::Response, testing, testing::Host,
};
use serde_json::{Value, json};

fn config(fields: Value) -> Config {
    let mut config = json!({"api_url": "http://ollama.example.com:11434", "model": "m:1b"});
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
fn answer(message: Value, done_reason: &str) -> Value {
    json!({
        "model": "m:1b", "created_at": "2026-01-01T00:00:00.000000001Z", "message": message, "done": true,
        "done_reason": done_reason, "total_duration": 5_000_000_000_u64, "prompt_eval_count": 12, "eval_count": 34,
    })
}

fn said(text: &str) -> Value {
    answer(json!({"role": "assistant", "content": text}), "stop")
}

/// A host whose server always answers with this.
fn server(response: Response) -> Host {
    Host::new()
        .now_ms(1_735_693_200_000)
        .http(move |_| Ok(response.clone()))
}

fn complete_with(response: Response, json: bool) -> Result<Completion, Failure> {
    server(response).run(|| Ollama::complete(config(json!({})), question(json)))
}

fn complete(body: &Value) -> Result<Completion, Failure> {
    complete_with(testing::json_response(200, body), false)
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!((manifest.id.as_str(), manifest.kind), ("ollama", Kind::Ai));
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        manifest.permissions.asked(),
        ["http:${config.api_url}", "reuse"]
    );
    let mut full = json!({
        "api_url": "http://127.0.0.1:11434", "api_key": "k", "model": "qwen3:8b", "temperature": 0.3, "top_p": 0.9,
        "presence_penalty": 0, "frequency_penalty": -0.5, "max_tokens": 4000, "num_ctx": 16384, "think": false,
        "json_mode": false, "keep_alive": "30m", "timeout": 60,
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(manifest.config["api_key"].secret && !manifest.config["api_key"].required);
    let config: Config = serde_json::from_value(full).unwrap();
    assert_eq!((config.timeout, config.json_mode), (Some(60), false));
}
