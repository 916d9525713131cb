//! What every AI plugin keeps.

use super::said;
use crate::Ollama;
use push_notify_sdk::{
    http::Response,
    testing::{
        conformance::{AiRow, KEY},
        json_response,
    },
};
use serde_json::{Value, json};

impl AiRow for Ollama {
    const MODEL: &'static str = "m:1b";
    const PARTS: &'static [&'static str] = &[
        "/message",
        "/message/content",
        "/done_reason",
        "/prompt_eval_count",
        "/model",
        "/models",
        "/models/0",
        "/models/0/name",
        "/error",
    ];

    fn config() -> Value {
        json!({"api_url": "http://ollama.example.com:11434", "api_key": KEY, "model": "m:1b"})
    }

    fn said(text: &str) -> Value {
        said(text)
    }

    fn whole() -> Value {
        let mut body = said("because");
        body["error"] = Value::Null;
        body["models"] = json!([{"name": "m:1b"}]);
        body
    }

    fn streamed(pieces: &[&str]) -> (String, String) {
        let line = |text: &str, done: bool| {
            let mut line = said(text);
            line["done"] = json!(done);
            format!("{line}\n")
        };
        let pieces = pieces.iter().map(|piece| line(piece, false));
        (pieces.collect(), line("", true))
    }

    fn error(status: u16, message: &str) -> Response {
        json_response(status, &json!({ "error": message }))
    }
}

push_notify_sdk::conformance!(ai Ollama);
