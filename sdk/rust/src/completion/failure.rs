use crate::{Completion, Failure, StopReason, http::Response};

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

/// What an answer is about that is not a success, as far as the server's own words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The account has no money, or no permission to spend it: waiting would not help, whatever the
    /// status.
    Quota,
    /// The question is longer than the model's context.
    TooLong,
    /// What an administrator chose.
    Settings,
    /// The status has to do.
    Other,
}

/// The answer when it is a success.
pub fn check(
    response: Response,
    refused: impl FnOnce(&Response) -> Failure,
) -> Result<Response, Failure> {
    match response.status {
        200..=299 => Ok(response),
        _ => Err(refused(&response)),
    }
}

/// What an answer means that is not a success. `status` says what it means and `shown` is what the
/// server answered, which differ where an error comes under a status of success; `message` is what
/// the server said.
pub fn refused(
    response: &Response,
    status: u16,
    shown: u16,
    message: &str,
    fault: Fault,
) -> Failure {
    let reason = reason(shown, message);
    match (fault, status) {
        // The text of some servers repeats a part of the key.
        (_, 401) => Failure::misconfigured("HTTP 401: the server does not take the API key"),
        (Fault::Quota, _) => {
            Failure::misconfigured(format!("{reason} (the account's quota is used up)"))
        }
        (Fault::TooLong, _) => Failure::rejected(reason),
        (Fault::Settings, _) => Failure::misconfigured(reason),
        (Fault::Other, _) if may_pass(response, status) => retry(response, reason),
        // 402: nobody pays.
        (Fault::Other, 300..=399 | 402 | 403 | 404 | 405 | 410) => Failure::misconfigured(reason),
        (Fault::Other, _) => Failure::rejected(reason),
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

/// Whether another try may help: as `x-should-retry` says, which OpenAI and Anthropic send, else by
/// the status.
pub fn may_pass(response: &Response, status: u16) -> bool {
    match response.header("x-should-retry").map(str::trim) {
        Some("true") => true,
        Some("false") => false,
        _ => matches!(status, 408 | 409 | 425 | 429 | 500..),
    }
}

/// A retry as late as the server asks for, at most an hour: `retry-after-ms`, which the same
/// vendors send, is more precise than `retry-after`.
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

/// An answer of success without `what`, such as `choices`: what it says instead. It is not known
/// whether that will pass.
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
