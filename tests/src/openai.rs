use crate::{Receiver, Request, Response, messages};
use serde_json::{Value, json};
use std::ops::Deref;

/// A server of chat completions, as particular as OpenAI's: it checks the key, the model and the
/// request, and answers every sound question with the same text. Its models are [`OpenAi::MODEL`]
/// and [`OpenAi::THINKER`].
pub struct OpenAi {
    receiver: Receiver,
    pub key: String,
}

const CREATED: u64 = 1_700_000_000;

impl OpenAi {
    pub const MODEL: &str = "chat-1";
    /// Reasons: it takes neither `max_tokens` nor a temperature.
    pub const THINKER: &str = "thinker-1";
    /// What it says when nothing else is scripted.
    pub const TEXT: &str = r#"{"score": 80}"#;

    pub async fn start() -> Self {
        let key = format!("sk-not-real-{}", hex::encode(rand::random::<[u8; 12]>()));
        let expected = key.clone();
        let receiver = Receiver::answering(move |request| {
            judge(request, &expected).unwrap_or_else(|refused| refused)
        })
        .await;
        Self { receiver, key }
    }

    /// As the contract's example has it.
    pub fn completions_url(&self) -> String {
        self.url("/v1/chat/completions")
    }

    /// An answer with this text.
    pub fn says(text: &str) -> Response {
        Self::message(
            &json!({"role": "assistant", "content": text, "refusal": null}),
            "stop",
        )
    }

    /// An answer with this message.
    pub fn message(message: &Value, finish_reason: &str) -> Response {
        Response::json(200, &Self::completion(Self::MODEL, message, finish_reason))
    }

    pub fn error(status: u16, code: &str, message: &str) -> Response {
        let error = json!({"message": message, "type": "invalid_request_error", "param": null, "code": code});
        Response::json(status, &json!({"error": error}))
    }

    fn completion(model: &str, message: &Value, finish_reason: &str) -> Value {
        json!({
            "id": "chatcmpl-not-real", "object": "chat.completion", "created": CREATED, "model": model,
            "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason}],
            "usage": {"prompt_tokens": 21, "completion_tokens": 7, "total_tokens": 28},
        })
    }
}

impl Deref for OpenAi {
    type Target = Receiver;

    fn deref(&self) -> &Receiver {
        &self.receiver
    }
}

fn judge(request: &Request, key: &str) -> Result<Response, Response> {
    if request.header("authorization") != Some(&format!("Bearer {key}")) {
        let message = format!(
            "Incorrect API key provided: {:?}.",
            request.header("authorization")
        );
        return Err(OpenAi::error(401, "invalid_api_key", &message));
    }
    let path = request.uri.path();
    match (request.method.as_str(), path) {
        ("POST", "/v1/chat/completions") => completion(&request.json()),
        ("GET", _) => match path.strip_prefix("/v1/models/") {
            Some(id) => {
                known(id)?;
                let model = json!({"id": id, "object": "model", "created": CREATED, "owned_by": "stand-in"});
                Ok(Response::json(200, &model))
            }
            None => Err(Response::new(404, "not found")),
        },
        _ => Err(Response::new(404, "not found")),
    }
}

fn completion(body: &Value) -> Result<Response, Response> {
    let refuse = |code: &str, message: &str| Err(OpenAi::error(400, code, message));
    let model = body["model"].as_str().unwrap_or_default();
    known(model)?;
    if !messages::are_sound(body, &["system", "user", "assistant"]) {
        return refuse("invalid_type", "Invalid type for 'messages'.");
    }
    if model == OpenAi::THINKER && body.get("max_tokens").is_some() {
        return refuse(
            "unsupported_parameter",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        );
    }
    if model == OpenAi::THINKER && body.get("temperature").is_some() {
        return refuse(
            "unsupported_value",
            "Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.",
        );
    }
    let messages = body["messages"].to_string().to_lowercase();
    if body["response_format"]["type"] == "json_object" && !messages.contains("json") {
        let message = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
        return refuse("", message);
    }
    let message = json!({"role": "assistant", "content": OpenAi::TEXT, "refusal": null});
    let answer = OpenAi::completion(model, &message, "stop");
    Ok(Response::json(200, &answer))
}

fn known(model: &str) -> Result<(), Response> {
    match [OpenAi::MODEL, OpenAi::THINKER].contains(&model) {
        true => Ok(()),
        false => {
            let message =
                format!("The model `{model}` does not exist or you do not have access to it.");
            Err(OpenAi::error(404, "model_not_found", &message))
        }
    }
}
