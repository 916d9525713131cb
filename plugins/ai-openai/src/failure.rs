//! What an answer means that is not a success.

use crate::{
    json::{self, Part},
    request::SET_BY_HAND,
};
use push_notify_sdk::{Failure, http, http::Response};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<'a> {
    #[serde(borrow)]
    error: Part<'a>,
    #[serde(borrow)]
    message: Part<'a>,
    #[serde(borrow)]
    detail: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Error<'a> {
    #[serde(borrow)]
    message: Part<'a>,
    #[serde(borrow)]
    r#type: Part<'a>,
    #[serde(borrow)]
    param: Part<'a>,
    #[serde(borrow)]
    code: Part<'a>,
}

/// What a server said was wrong.
struct Said {
    message: String,
    /// `type` and `code`, in lower case: servers do not agree on which of them says what.
    words: [String; 2],
    param: String,
    /// A code that is a number.
    number: Option<u64>,
}

/// Longest text of the far side in a reason, in characters.
const EXCERPT: usize = 300;
/// Longest wait that a server can ask for.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;

/// Codes and types of accounts without money or permission to spend it. They come with 429 or 403, where waiting would not help.
const QUOTA: [&str; 7] = [
    "insufficient_quota",
    "exceeded_current_quota_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "insufficient_balance",
    "arrearage",
    // Zhipu: the account is in arrears.
    "1113",
];
/// Codes and texts that name what an administrator chose.
const UNKNOWN_MODEL: [&str; 3] = ["model_not_found", "model_not_exist", "invalid_model"];
const UNKNOWN_MODEL_TEXT: &str = "model not exist";
const UNFIT_PARAMETER: [&str; 3] = [
    "unsupported_parameter",
    "unsupported_value",
    "unknown_parameter",
];

pub(crate) fn check(response: Response) -> Result<Response, Failure> {
    match response.status {
        200..=299 => Ok(response),
        status => Err(of_status(&response, status)),
    }
}

/// An error under a status of success. Its code may be the status that was meant.
pub(crate) fn inside(response: &Response) -> Failure {
    let status = said(response)
        .number
        .and_then(|code| u16::try_from(code).ok());
    match status {
        Some(status @ 400..=599) => of_status(response, status),
        _ => of_status(response, 500),
    }
}

/// An answer of success that is no JSON object.
pub(crate) fn unreadable(response: &Response) -> Failure {
    let html = response.body.trim_ascii_start().starts_with(b"<");
    match html {
        true => Failure::misconfigured(
            "the server answers with a web page: the API address is not one of its API",
        ),
        false => Failure::retry("the answer is cut off or not a JSON object"),
    }
}

pub(crate) fn of_request(error: http::Error) -> Failure {
    match error {
        http::Error::TooLarge => Failure::rejected("the answer is larger than the engine takes"),
        other => other.into(),
    }
}

fn of_status(response: &Response, status: u16) -> Failure {
    let said = said(response);
    let reason = said.reason(status);
    if status == 401 {
        // The text of some servers repeats a part of the key.
        return Failure::misconfigured("HTTP 401: the server does not take the API key");
    }
    if said.is_one_of(&QUOTA) {
        return Failure::misconfigured(format!("{reason} (the account's quota is used up)"));
    }
    let asked = response.header("x-should-retry").map(str::trim);
    match status {
        _ if asked == Some("true") => retry(response, reason),
        408 | 409 | 425 | 429 | 500.. if asked != Some("false") => retry(response, reason),
        // 402: nobody pays.
        300..=399 | 402 | 403 | 404 | 405 | 410 => Failure::misconfigured(reason),
        400 | 422 if said.is_about_settings() => Failure::misconfigured(reason),
        _ => Failure::rejected(reason),
    }
}

fn retry(response: &Response, reason: String) -> Failure {
    let precise = response
        .header("retry-after-ms")
        .and_then(|ms| ms.trim().parse::<f64>().ok())
        .filter(|ms| *ms >= 0.0);
    // A cast from a float saturates.
    let wait = precise
        .map(|ms| (ms as u64).min(LONGEST_WAIT_MS))
        .or_else(|| response.retry_after_ms());
    match wait {
        Some(ms) => Failure::retry_after(reason, ms),
        None => Failure::retry(reason),
    }
}

fn said(response: &Response) -> Said {
    let answer: Answer<'_> = json::object(json::document(&response.body));
    let error: Error<'_> = json::object(answer.error);
    let message = [error.message, answer.error, answer.message, answer.detail]
        .into_iter()
        .find_map(json::text)
        .unwrap_or_default();
    let word = |part| json::text(part).unwrap_or_default().to_lowercase();
    Said {
        message,
        words: [word(error.r#type), word(error.code)],
        param: word(error.param),
        number: json::number(error.code),
    }
}

impl Said {
    fn is_one_of(&self, known: &[&str]) -> bool {
        self.words.iter().any(|word| known.contains(&word.as_str()))
    }

    fn is_about_settings(&self) -> bool {
        self.is_one_of(&UNKNOWN_MODEL)
            || self.is_one_of(&UNFIT_PARAMETER)
            || SET_BY_HAND.contains(&self.param.as_str())
            || self.param == "model"
            || self.message.to_lowercase().contains(UNKNOWN_MODEL_TEXT)
    }

    fn reason(&self, status: u16) -> String {
        let mut reason = format!("HTTP {status}");
        let message = self.message.trim();
        if !message.is_empty() {
            reason.push_str(": ");
            let excerpt = message.chars().take(EXCERPT);
            reason.extend(excerpt.map(|c| if c.is_control() { ' ' } else { c }));
        }
        reason
    }
}
