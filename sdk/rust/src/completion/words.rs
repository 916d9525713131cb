//! What a server says in its own words, whichever of the many forms it puts them in.

use super::json::{self, Part};
use crate::http::Response;
use serde::Deserialize;

/// Of a body that is no JSON, in bytes.
const SHOWN: usize = 1_200;

/// Where servers and the gateways in front of them put a message.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<'a> {
    #[serde(borrow)]
    error: Part<'a>,
    #[serde(borrow)]
    errors: Part<'a>,
    #[serde(borrow)]
    message: Part<'a>,
    #[serde(borrow)]
    msg: Part<'a>,
    #[serde(borrow)]
    detail: Part<'a>,
    #[serde(borrow)]
    error_msg: Part<'a>,
    #[serde(borrow)]
    error_message: Part<'a>,
    #[serde(borrow)]
    error_description: Part<'a>,
    #[serde(borrow)]
    reason: Part<'a>,
    #[serde(borrow)]
    base_resp: Part<'a>,
    #[serde(borrow)]
    status_msg: Part<'a>,
    #[serde(borrow)]
    title: Part<'a>,
}

/// The message of an answer that is none of a model; empty where it says nothing.
pub fn words(response: &Response) -> String {
    let document = json::value(&response.body);
    match document {
        Some(document) => of_part(Some(document), 0).unwrap_or_default(),
        None => of_text(&response.body),
    }
}

/// The message, or else how the body begins.
pub fn words_or_body(response: &Response) -> String {
    let said = words(response);
    match said.is_empty() {
        true => start(&response.body),
        false => said,
    }
}

fn of_part(part: Part<'_>, depth: u8) -> Option<String> {
    if depth > 3 {
        return None;
    }
    // Google puts the object into a list.
    let part = json::list::<1>(part).first().copied().or(part);
    if let Some(text) = json::text(part) {
        return Some(text).filter(|text| !text.trim().is_empty());
    }
    let answer: Answer<'_> = json::object(part);
    [
        answer.error,
        answer.message,
        answer.msg,
        answer.detail,
        answer.errors,
        answer.error_msg,
        answer.error_message,
        answer.error_description,
        answer.base_resp,
        answer.status_msg,
        answer.reason,
        answer.title,
    ]
    .into_iter()
    .filter(Option::is_some)
    .find_map(|part| of_part(part, depth + 1))
}

/// Of a web page its title.
fn of_text(body: &[u8]) -> String {
    let text = start(body);
    if !text.starts_with('<') {
        return text;
    }
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").map(|at| at + "<title>".len());
    let title = title.and_then(|from| {
        let end = lower[from..].find("</title>")?;
        Some(text[from..from + end].trim().to_owned())
    });
    title.unwrap_or_default()
}

fn start(body: &[u8]) -> String {
    let body = body.trim_ascii_start();
    let text = String::from_utf8_lossy(&body[..body.len().min(SHOWN)]);
    text.trim().to_owned()
}

/// What servers say of a question that is longer than their model's context, or than they take at
/// all. It comes with any status.
const TOO_LONG: [&str; 19] = [
    "context length",
    "context_length",
    "context window",
    "context_window",
    "context size",
    "context_size",
    "maximum context",
    "exceed context limit",
    "exceeds context",
    "too many tokens",
    "prompt is too long",
    "input is too long",
    "input too long",
    "request too large for",
    "request_too_large",
    "reduce the length",
    "maximum prompt length",
    "input length",
    "上下文长度",
];

pub fn is_too_long(said: &str) -> bool {
    let said = said.to_lowercase();
    TOO_LONG.iter().any(|text| said.contains(text))
}
