//! What an answer means that is not a success: <https://docs.ollama.com/api/errors>.

use push_notify_sdk::{
    Failure,
    completion::{self, Fault},
    http::Response,
};

/// Texts about the machine and the model, which another try does not change. The first comes
/// with 500.
const UNFIT: [&str; 2] = ["requires more system memory", "does not support"];

/// `model` is the name that was asked for.
pub(crate) fn check(model: &str, response: Response) -> Result<Response, Failure> {
    completion::check(response, |response| {
        of_status(model, response, response.status, response.status)
    })
}

/// An error under a status of success, as of a server that failed after it had begun to answer;
/// `document` is what holds it.
pub(crate) fn inside(model: &str, response: &Response, document: &[u8]) -> Failure {
    let response = completion::alone(response, document);
    of_status(model, &response, 500, response.status)
}

pub(crate) fn not_pulled(model: &str) -> Failure {
    Failure::misconfigured(format!(
        "the server does not have the model {model}: run `ollama pull {model}` there"
    ))
}

/// `status` says what it means, `shown` is what the server answered.
fn of_status(model: &str, response: &Response, status: u16, shown: u16) -> Failure {
    let message = completion::words(response);
    let said = message.to_lowercase();
    if status == 404 && said.contains("model") {
        return not_pulled(model);
    }
    let fault = if UNFIT.iter().any(|text| said.contains(text)) {
        Fault::Settings
    } else if completion::is_too_long(&said) {
        Fault::TooLong
    } else {
        Fault::Other
    };
    completion::refused(response, status, shown, &message, fault)
}
