//! What an answer means that is not a success: <https://docs.ollama.com/api/errors>.

use push_notify_sdk::{Failure, completion, http::Response};

/// Texts about the machine and the model, which another try does not change. The first comes with 500.
const UNFIT: [&str; 2] = ["requires more system memory", "does not support"];

/// `model` is the name that was asked for.
pub(crate) fn check(model: &str, response: Response) -> Result<Response, Failure> {
    match response.status {
        200..=299 => Ok(response),
        status => Err(of_status(model, &response, status, status)),
    }
}

/// An error under a status of success, as of a server that failed after it had begun to answer; `document` is what holds it.
pub(crate) fn inside(model: &str, response: &Response, document: &[u8]) -> Failure {
    let response = Response {
        body: document.to_vec(),
        ..response.clone()
    };
    of_status(model, &response, 500, response.status)
}

pub(crate) fn not_pulled(model: &str) -> Failure {
    Failure::misconfigured(format!(
        "the server does not have the model {model}: run `ollama pull {model}` there"
    ))
}

/// `status` says what it means, `shown` is what the server answered.
fn of_status(model: &str, response: &Response, status: u16, shown: u16) -> Failure {
    let said = completion::words(response);
    let reason = completion::reason(shown, &said);
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
    if completion::is_too_long(&said) {
        return Failure::rejected(reason);
    }
    match status {
        _ if completion::may_pass(response, status) => completion::retry(response, reason),
        300..=399 | 402 | 403 | 404 | 405 | 410 => Failure::misconfigured(reason),
        _ => Failure::rejected(reason),
    }
}
