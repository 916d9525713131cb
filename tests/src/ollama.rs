use crate::{Receiver, Request, Response, messages};
use serde_json::{Value, json};
use std::ops::Deref;

/// An Ollama server with one model, [`Ollama::MODEL`], which does not think. It streams unless it
/// is told not to, and refuses what does not fit into the context; every other sound question has
/// the same answer.
pub struct Ollama {
    receiver: Receiver,
}

/// What it has room for when nobody asks for more, in tokens.
const CONTEXT: u64 = 4096;

impl Ollama {
    pub const MODEL: &str = "stand-in:1b";
    /// What it says when nothing else is scripted.
    pub const TEXT: &str = r#"{"score": 80}"#;

    pub async fn start() -> Self {
        let receiver =
            Receiver::answering(|request| judge(request).unwrap_or_else(|refused| refused)).await;
        Self { receiver }
    }

    /// An answer with this text.
    pub fn says(text: &str) -> Response {
        Self::message(&json!({"role": "assistant", "content": text}), "stop")
    }

    /// An answer with this message.
    pub fn message(message: &Value, done_reason: &str) -> Response {
        let answer = json!({
            "model": Self::MODEL, "created_at": "2026-01-01T00:00:00.000000001Z", "message": message, "done": true,
            "done_reason": done_reason, "total_duration": 5_000_000, "load_duration": 1_000_000,
            "prompt_eval_count": 21, "eval_count": 7,
        });
        Response::json(200, &answer)
    }

    pub fn error(status: u16, message: &str) -> Response {
        Response::json(status, &json!({"error": message}))
    }
}

impl Deref for Ollama {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.receiver
    }
}

fn judge(request: &Request) -> Result<Response, Response> {
    match (request.method.as_str(), request.uri.path()) {
        ("POST", "/api/chat") => chat(&request.json()),
        ("GET", "/api/tags") => {
            let model = json!({
                "name": Ollama::MODEL, "model": Ollama::MODEL, "modified_at": "2026-01-01T00:00:00Z", "size": 1,
                "digest": "not-real", "details": {"family": "stand-in", "parameter_size": "1B"},
            });
            Ok(Response::json(200, &json!({"models": [model]})))
        }
        _ => Err(Response::new(404, "404 page not found")),
    }
}

fn chat(body: &Value) -> Result<Response, Response> {
    let model = body["model"].as_str().unwrap_or_default();
    if model != Ollama::MODEL {
        return Err(Ollama::error(404, &format!("model '{model}' not found")));
    }
    if body["think"] == true {
        let message = format!("\"{model}\" does not support thinking");
        return Err(Ollama::error(400, &message));
    }
    if !messages::are_sound(body, &["system", "user", "assistant"]) {
        return Err(Ollama::error(400, "invalid messages"));
    }
    let context = body["options"]["num_ctx"].as_u64().unwrap_or(CONTEXT);
    let tokens = body["messages"].to_string().len() as u64 / 4;
    if tokens > context && body["truncate"] == false {
        let message = "the input length exceeds the context length";
        return Err(Ollama::error(400, message));
    }
    if body["stream"] != false {
        let part = json!({"model": model, "message": {"role": "assistant", "content": "be"}, "done": false});
        return Ok(Response::new(200, format!("{part}\n{part}\n")));
    }
    Ok(Ollama::says(Ollama::TEXT))
}
