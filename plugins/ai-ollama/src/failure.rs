//! What an answer means that is not a success: <https://docs.ollama.com/api/errors>.

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

/// As the server's other API, and proxies in front of it, have errors.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Error<'a> {
    #[serde(borrow)]
    message: Part<'a>,
}

/// Texts about the machine and the model, which another try does not change. The first comes with 500.
const UNFIT: [&str; 2] = ["requires more system memory", "does not support"];

/// `model` is the name that was asked for.
pub(crate) fn check(model: &str, response: Response) -> Result<Response, Failure> {
    match response.status {
        200..=299 => Ok(response),
        status => Err(of_status(model, &response, status)),
    }
}

/// An error under a status of success, as of a server that failed after it had begun to answer.
pub(crate) fn inside(model: &str, response: &Response) -> Failure {
    of_status(model, response, 500)
}

pub(crate) fn not_pulled(model: &str) -> Failure {
    Failure::misconfigured(format!(
        "the server does not have the model {model}: run `ollama pull {model}` there"
    ))
}

fn of_status(model: &str, response: &Response, status: u16) -> Failure {
    let said = said(response);
    let reason = completion::reason(status, &said);
    let said = said.to_lowercase();
    if status == 401 {
        return Failure::misconfigured("HTTP 401: the server does not take the API key");
    }
    if status == 404 && said.contains("model") {
        return not_pulled(model);
    }
    if UNFIT.iter().any(|text| said.contains(text)) {
        return Failure::misconfigured(reason);
    }
    match status {
        _ if completion::may_pass(response, status) => completion::retry(response, reason),
        300..=399 | 402 | 403 | 404 | 405 | 410 => Failure::misconfigured(reason),
        _ => Failure::rejected(reason),
    }
}

fn said(response: &Response) -> String {
    let answer: Answer<'_> = json::object(json::document(&response.body));
    let error: Error<'_> = json::object(answer.error);
    [answer.error, error.message]
        .into_iter()
        .find_map(json::text)
        .unwrap_or_default()
}
