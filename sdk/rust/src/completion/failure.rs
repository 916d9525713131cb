use crate::{
    Completion, Failure, StopReason,
    http::{self, Response},
};

/// Longest text of the far side in a reason, in characters.
const EXCERPT: usize = 300;
/// Longest wait that a server can ask for.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;
/// Longest text of an answer, in bytes.
const LONGEST: usize = 1 << 20;

/// The completion, unless its text is longer than any model's, or empty for no reason.
pub fn checked(completion: Completion) -> Result<Completion, Failure> {
    if completion.text.len() > LONGEST {
        return Err(Failure::rejected("the answer is longer than 1 MiB"));
    }
    let explained = !matches!(completion.stop, StopReason::Complete | StopReason::Other);
    match completion.text.is_empty() && !explained {
        true => Err(Failure::retry("the answer is empty")),
        false => Ok(completion),
    }
}

/// `HTTP 400: ` and the start of what the server said, on one line.
pub fn reason(status: u16, message: &str) -> String {
    let mut reason = format!("HTTP {status}");
    let message = message.trim();
    if !message.is_empty() {
        reason.push_str(": ");
        reason.push_str(&excerpt(message));
    }
    reason
}

/// The start, on one line.
fn excerpt(message: &str) -> String {
    let excerpt = message.trim().chars().take(EXCERPT);
    excerpt
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Whether another try may help: as `x-should-retry` says, which OpenAI and Anthropic send, else by the status.
pub fn may_pass(response: &Response, status: u16) -> bool {
    match response.header("x-should-retry").map(str::trim) {
        Some("true") => true,
        Some("false") => false,
        _ => matches!(status, 408 | 409 | 425 | 429 | 500..),
    }
}

/// A retry as late as the server asks for, at most an hour: `retry-after-ms`, which the same vendors send, is more precise than `retry-after`.
pub fn retry(response: &Response, reason: String) -> Failure {
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

/// An answer of success that is no JSON object.
pub fn unreadable(response: &Response) -> Failure {
    let html = response.body.trim_ascii_start().starts_with(b"<");
    match html {
        true => Failure::misconfigured(
            "the server answers with a web page: the API address is not one of its API",
        ),
        false => Failure::retry("the answer is cut off or not a JSON object"),
    }
}

/// An answer of success without `what`, such as `choices`: what it says instead. It is not known whether that will pass.
pub fn without(response: &Response, what: &str) -> Failure {
    let said = super::words_or_body(response);
    Failure::retry(match said.is_empty() {
        true => format!("the answer has no {what}"),
        false => format!("the answer has no {what}: {}", excerpt(&said)),
    })
}

/// An answer in which the model came to no answer.
pub fn only_thought() -> Failure {
    Failure::retry(
        "the answer holds only what the model thought, and no text: a larger max_tokens or less reasoning may help",
    )
}

/// The answer with what programs leave that cut a text in the middle of a character made readable.
pub fn received(mut response: Response) -> Response {
    if let Some(mended) = crate::json::mended(&response.body) {
        response.body = mended;
    }
    response
}

/// A request without an answer.
pub fn of_request(error: http::Error) -> Failure {
    match error {
        http::Error::TooLarge => Failure::rejected("the answer is larger than the engine takes"),
        other => other.into(),
    }
}
