//! What an answer means that is not a success: <https://docs.anthropic.com/en/api/errors>.

use push_notify_sdk::{
    Failure,
    completion::{
        self,
        json::{self, Part},
    },
    http::Response,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<'a> {
    #[serde(borrow)]
    error: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Error<'a> {
    #[serde(borrow)]
    r#type: Part<'a>,
}

/// What a server said was wrong.
struct Said {
    kind: String,
    message: String,
}

/// The status that a type of error comes with.
const STATUS: [(&str, u16); 9] = [
    ("invalid_request_error", 400),
    ("authentication_error", 401),
    ("billing_error", 402),
    ("permission_error", 403),
    ("not_found_error", 404),
    ("request_too_large", 413),
    ("rate_limit_error", 429),
    ("timeout_error", 504),
    ("overloaded_error", 529),
];

/// Texts about an account without money or permission to spend it. They come with 400, and with nothing else to know them by.
const QUOTA: [&str; 2] = ["credit balance is too low", "usage limits"];

/// Texts of 400 begin with the name of the parameter that they are about. These an administrator sets.
const SET_BY_HAND: [&str; 4] = ["model", "max_tokens", "temperature", "top_p"];

pub(crate) fn check(response: Response) -> Result<Response, Failure> {
    match response.status {
        200..=299 => Ok(response),
        status => Err(of_status(&response, status, status)),
    }
}

/// An error under a status of success, as of a server that failed after it had begun to answer.
pub(crate) fn inside(response: &Response) -> Failure {
    let kind = said(response).kind;
    match STATUS.iter().find(|(known, _)| *known == kind) {
        Some((_, status)) => of_status(response, *status, *status),
        None => of_status(response, 500, response.status),
    }
}

/// `status` says what it means, `shown` is what the server answered.
fn of_status(response: &Response, status: u16, shown: u16) -> Failure {
    let said = said(response);
    let reason = completion::reason(shown, &said.message);
    if status == 401 {
        // The text of some servers repeats a part of the key.
        return Failure::misconfigured("HTTP 401: the server does not take the API key");
    }
    if said.is_about_money() {
        return Failure::misconfigured(format!("{reason} (the account's quota is used up)"));
    }
    if completion::is_too_long(&said.message) {
        return Failure::rejected(reason);
    }
    match status {
        _ if completion::may_pass(response, status) => completion::retry(response, reason),
        300..=399 | 402 | 403 | 404 | 405 | 410 => Failure::misconfigured(reason),
        400 | 422 if said.is_about_settings() => Failure::misconfigured(reason),
        _ => Failure::rejected(reason),
    }
}

fn said(response: &Response) -> Said {
    let answer: Answer<'_> = json::object(json::document(&response.body));
    let error: Error<'_> = json::object(answer.error);
    Said {
        kind: json::text(error.r#type).unwrap_or_default(),
        message: completion::words(response),
    }
}

impl Said {
    fn is_about_money(&self) -> bool {
        let message = self.message.to_lowercase();
        let invalid = self.kind == "invalid_request_error";
        self.kind == "billing_error" || invalid && QUOTA.iter().any(|text| message.contains(text))
    }

    /// The name may be in backquotes.
    fn is_about_settings(&self) -> bool {
        let message = self.message.trim_start_matches('`');
        let name = message
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next();
        name.is_some_and(|name| SET_BY_HAND.contains(&name))
    }
}
