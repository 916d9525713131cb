//! What every AI plugin keeps.

use super::{chunk, said};
use crate::OpenAi;
use push_notify_sdk::testing::conformance::{AiRow, KEY};
use serde_json::{Value, json};

impl AiRow for OpenAi {
    const MODEL: &'static str = "m-1-2026";
    const PARTS: &'static [&'static str] = &[
        "/choices",
        "/choices/0",
        "/choices/0/message",
        "/choices/0/message/content",
        "/choices/0/message/refusal",
        "/choices/0/finish_reason",
        "/usage",
        "/usage/prompt_tokens",
        "/model",
        "/error",
    ];
    const LIST: Option<&'static str> = Some("choices");

    fn config() -> Value {
        json!({"api_url": "https://ai.example.com/v1", "api_key": KEY, "model": "m-1"})
    }

    fn said(text: &str) -> Value {
        said(text)
    }

    fn whole() -> Value {
        let mut body = said("because");
        body["choices"][0]["message"]["refusal"] = Value::Null;
        body["error"] = Value::Null;
        body
    }

    fn streamed(pieces: &[&str]) -> (String, String) {
        let said = |piece: &&str| chunk(json!({"content": piece}), Value::Null);
        let usage = r#"{"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":34}}"#;
        let end = chunk(json!({}), json!("stop"));
        let end = format!("{end}data: {usage}\n\ndata: [DONE]\n\n");
        (pieces.iter().map(said).collect(), end)
    }
}

push_notify_sdk::conformance!(ai OpenAi);
