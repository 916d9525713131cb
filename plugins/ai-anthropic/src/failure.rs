//! What an answer means that is not a success: <https://docs.anthropic.com/en/api/errors>.

use push_notify_sdk::{
    Failure,
    completion::{
        self, Fault,
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

/// Texts about an account without money or permission to spend it. They come with 400, and with
/// nothing else to know them by.
const QUOTA: [&str; 2] = ["credit balance is too low", "usage limits"];

/// Texts of 400 begin with the name of the parameter that they are about. These an administrator
/// sets.
const SET_BY_HAND: [&str; 4] = ["model", "max_tokens", "temperature", "top_p"];

pub(crate) fn check(response: Response) -> Result<Response, Failure> {
    completion::check(response, |response| {
        of_status(response, response.status, response.status)
    })
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
    let may_pass = completion::may_pass(response, status);
    let fault = match status {
        _ if said.is_about_money() => Fault::Quota,
        _ if completion::is_too_long(&said.message) => Fault::TooLong,
        400 | 422 if !may_pass && said.is_about_settings() => Fault::Settings,
        _ => Fault::Other,
    };
    completion::refused(response, status, shown, &said.message, fault)
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
