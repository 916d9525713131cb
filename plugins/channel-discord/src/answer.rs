//! What Discord's answer means: a status, and of errors a code and a text.

use push_notify_sdk::{
    Failure,
    card::{self, Class},
    http::Response,
    json::part::{self, Part},
};
use serde::Deserialize;

/// Longest wait that an answer can ask for.
const LONGEST_WAIT_MS: f64 = 60.0 * 60.0 * 1000.0;

pub(crate) enum Outcome {
    /// With the message's id.
    Done(Option<String>),
    /// The message that is to be changed is not there, or cannot be changed any more.
    Gone(String),
}

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    id: Part<'a>,
    #[serde(borrow)]
    code: Part<'a>,
    #[serde(borrow)]
    message: Part<'a>,
    #[serde(borrow)]
    retry_after: Part<'a>,
}

pub(crate) fn read(response: Response) -> Result<Outcome, Failure> {
    let answer = part::read::<Answer<'_>>(&response.body);
    if matches!(response.status, 200..=299) {
        return match answer {
            Some(answer) => Ok(Outcome::Done(part::name(answer.id))),
            None if response.body.is_empty() => Ok(Outcome::Done(None)),
            None => Err(Failure::retry("Discord's answer is not a JSON object")),
        };
    }
    let answer = answer.unwrap_or_default();
    let code = part::whole(answer.code);
    let text = card::excerpt(answer.message);
    let reason = match code {
        Some(code) => format!("Discord code {code}: {text}"),
        None => format!("Discord says {}: {text}", response.status),
    };
    if response.status == 429 {
        let wait = wait_ms(answer.retry_after).or(response.retry_after_ms());
        return Err(match wait {
            Some(wait) => Failure::retry_after(reason, wait),
            None => Failure::throttled(reason),
        });
    }
    match code {
        // An unknown message; too many changes of an old one.
        Some(10008 | 30046) => Ok(Outcome::Gone(reason)),
        Some(code) if class(code).is_some() => {
            Err(class(code).unwrap_or(Class::Rejected).failure(reason))
        }
        _ => match response.check() {
            Ok(_) => Ok(Outcome::Done(None)),
            Err(failure) => Err(failure),
        },
    }
}

/// Seconds, with a fraction.
fn wait_ms(part: Part<'_>) -> Option<u64> {
    let seconds: f64 = part?.get().parse().ok()?;
    // A cast from a float saturates.
    (seconds >= 0.0).then(|| (seconds * 1000.0).ceil().min(LONGEST_WAIT_MS) as u64)
}

/// What the code says beyond the status.
fn class(code: i64) -> Option<Class> {
    Some(match code {
        // No such channel, server or webhook; no access, no permission, a wrong token; a forum
        // that wants a thread, and a thread that is locked.
        10003 | 10004 | 10015 | 50001 | 50013 | 50027 | 160_005 | 220_001 => Class::Misconfigured,
        // Too large, empty, a bad form, no JSON.
        40005 | 50006 | 50035 | 50109 => Class::Rejected,
        // Too many writes to this channel or server.
        20016 | 20028 | 20029 => Class::Throttled,
        _ => return None,
    })
}
