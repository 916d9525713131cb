use crate::{Receiver, Request, Response, messages};
use serde_json::{Value, json};
use std::ops::Deref;

/// A server of messages, as particular as Anthropic's: it checks the key, the version, the model
/// and the request, and answers every sound question with the same text. Its model is
/// [`Anthropic::MODEL`].
pub struct Anthropic {
    receiver: Receiver,
    pub key: String,
}

/// All that a request may have.
const PARAMETERS: [&str; 7] = [
    "model",
    "max_tokens",
    "messages",
    "system",
    "temperature",
    "top_p",
    "stop_sequences",
];
/// The longest answer.
const MAX_TOKENS: u64 = 8192;

impl Anthropic {
    pub const MODEL: &str = "claude-stand-in-1";
    /// What it says when nothing else is scripted.
    pub const TEXT: &str = r#"{"score": 80}"#;

    pub async fn start() -> Self {
        let key = format!(
            "sk-ant-not-real-{}",
            hex::encode(rand::random::<[u8; 12]>())
        );
        let expected = key.clone();
        let receiver = Receiver::answering(move |request| {
            judge(request, &expected).unwrap_or_else(|refused| refused)
        })
        .await;
        Self { receiver, key }
    }

    /// An answer with this text.
    pub fn says(text: &str) -> Response {
        Self::message(&json!([{"type": "text", "text": text}]), "end_turn")
    }

    /// An answer with this content.
    pub fn message(content: &Value, stop_reason: &str) -> Response {
        let message = json!({
            "id": "msg_not_real", "type": "message", "role": "assistant", "model": Self::MODEL, "content": content,
            "stop_reason": stop_reason, "stop_sequence": null,
            "usage": {
                "input_tokens": 11, "cache_creation_input_tokens": 6, "cache_read_input_tokens": 4, "output_tokens": 7,
            },
        });
        Response::json(200, &message)
    }

    pub fn error(status: u16, kind: &str, message: &str) -> Response {
        let error = json!({"type": kind, "message": message});
        let body = json!({"type": "error", "error": error, "request_id": "req_not_real"});
        Response::json(status, &body)
    }
}

impl Deref for Anthropic {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.receiver
    }
}

fn judge(request: &Request, key: &str) -> Result<Response, Response> {
    if request.header("x-api-key") != Some(key) {
        return Err(Anthropic::error(
            401,
            "authentication_error",
            "invalid x-api-key",
        ));
    }
    if request.header("anthropic-version") != Some("2023-06-01") {
        return Err(invalid("anthropic-version: header is required"));
    }
    let path = request.uri.path();
    match (request.method.as_str(), path) {
        ("POST", "/v1/messages") => message(&request.json()),
        ("GET", _) => match path.strip_prefix("/v1/models/") {
            Some(id) => {
                known(id)?;
                let model = json!({
                    "type": "model", "id": id, "display_name": "Stand-in 1", "created_at": "2026-01-01T00:00:00Z",
                });
                Ok(Response::json(200, &model))
            }
            None => Err(not_found("Not found")),
        },
        _ => Err(not_found("Not found")),
    }
}

fn message(body: &Value) -> Result<Response, Response> {
    known(body["model"].as_str().unwrap_or_default())?;
    let names = body.as_object().into_iter().flat_map(|body| body.keys());
    for name in names {
        if !PARAMETERS.contains(&name.as_str()) {
            return Err(invalid(&format!("{name}: Extra inputs are not permitted")));
        }
    }
    match body["max_tokens"].as_u64() {
        None => return Err(invalid("max_tokens: Field required")),
        Some(asked) if asked > MAX_TOKENS => {
            return Err(invalid(&format!(
                "max_tokens: {asked} > {MAX_TOKENS}, which is the maximum allowed number of output tokens for {}",
                Anthropic::MODEL
            )));
        }
        Some(_) => {}
    }
    if body["temperature"]
        .as_f64()
        .is_some_and(|temperature| !(0.0..=1.0).contains(&temperature))
    {
        return Err(invalid("temperature: range: 0..1"));
    }
    if !messages::are_sound(body, &["user", "assistant"]) {
        return Err(invalid(
            "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter.",
        ));
    }
    Ok(Anthropic::says(Anthropic::TEXT))
}

fn known(model: &str) -> Result<(), Response> {
    match model == Anthropic::MODEL {
        true => Ok(()),
        false => Err(not_found(&format!("model: {model}"))),
    }
}

fn invalid(message: &str) -> Response {
    Anthropic::error(400, "invalid_request_error", message)
}

fn not_found(message: &str) -> Response {
    Anthropic::error(404, "not_found_error", message)
}
