//! What every AI plugin keeps.

use super::{event, said};
use crate::Anthropic;
use push_notify_sdk::{
    http::Response,
    testing::{
        conformance::{AiRow, KEY},
        json_response,
    },
};
use serde_json::{Value, json};

impl AiRow for Anthropic {
    const MODEL: &'static str = "m-1-2026";
    const PARTS: &'static [&'static str] = &[
        "/content",
        "/content/0",
        "/content/0/type",
        "/content/0/text",
        "/stop_reason",
        "/usage",
        "/usage/input_tokens",
        "/model",
        "/error",
        "/id",
    ];
    const LIST: Option<&'static str> = Some("content");

    fn config() -> Value {
        json!({"api_url": "https://api.example.com", "api_key": KEY, "model": "m-1"})
    }

    fn said(text: &str) -> Value {
        said(text)
    }

    fn whole() -> Value {
        let mut body = said("because");
        body["error"] = Value::Null;
        body
    }

    fn streamed(pieces: &[&str]) -> (String, String) {
        let begin = event(&json!({"type": "message_start", "message": {
            "id": "msg_1", "model": Self::MODEL, "content": [],
            "usage": {"input_tokens": 12, "output_tokens": 1},
        }}));
        let piece = |text: &&str| {
            let delta = json!({"type": "text_delta", "text": text});
            event(&json!({"type": "content_block_delta", "index": 0, "delta": delta}))
        };
        let said: String = pieces.iter().map(piece).collect();
        let end = json!({
            "type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 34},
        });
        let stop = event(&json!({"type": "message_stop"}));
        (format!("{begin}{said}"), format!("{}{stop}", event(&end)))
    }

    fn error(status: u16, message: &str) -> Response {
        let error = json!({"type": "", "message": message});
        json_response(status, &json!({"type": "error", "error": error}))
    }
}

push_notify_sdk::conformance!(ai Anthropic);
