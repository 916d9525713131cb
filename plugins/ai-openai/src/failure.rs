//! What an answer means that is not a success.

use crate::request::SET_BY_HAND;
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
    #[serde(borrow)]
    code: Part<'a>,
    #[serde(borrow)]
    status: Part<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Error<'a> {
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

/// Codes and types of accounts without money or permission to spend it. They come with 429 or 403,
/// where waiting would not help.
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
/// Texts where there is no code: DeepSeek's; Google's for a wrong key, which comes with 400; LM
/// Studio's for a path that it does not know, which comes with 200.
const UNFIT_TEXT: [&str; 3] = [
    "model not exist",
    "api key not valid",
    "unexpected endpoint",
];
const UNFIT_PARAMETER: [&str; 3] = [
    "unsupported_parameter",
    "unsupported_value",
    "unknown_parameter",
];

pub(crate) fn check(response: Response) -> Result<Response, Failure> {
    completion::check(response, |response| {
        of_status(response, response.status, response.status)
    })
}

/// Whether what stands as `error` is one.
pub(crate) fn is_one(error: Part<'_>) -> bool {
    error.is_some_and(|error| !matches!(error.get(), "false" | "0" | "\"\"" | "{}" | "[]"))
}

/// An error under a status of success. Its code may be the status that was meant.
pub(crate) fn inside(response: &Response) -> Failure {
    match said(response).number {
        Some(code @ 400..=599) => of_status(response, code as u16, code as u16),
        _ => of_status(response, 500, response.status),
    }
}

/// An answer of success that is none of a model.
pub(crate) fn without_choices(response: &Response) -> Failure {
    let said = said(response);
    let is_error = said.is_about_settings() || matches!(said.number, Some(400..=599));
    match is_error {
        true => inside(response),
        false => completion::without(response, "choices"),
    }
}

/// `status` says what it means, `shown` is what the server answered.
fn of_status(response: &Response, status: u16, shown: u16) -> Failure {
    let said = said(response);
    let fault = match status {
        _ if said.is_one_of(&QUOTA) => Fault::Quota,
        _ if said.is_too_long() => Fault::TooLong,
        400 | 422 | 500 if said.is_about_settings() => Fault::Settings,
        _ => Fault::Other,
    };
    completion::refused(response, status, shown, &said.message, fault)
}

fn said(response: &Response) -> Said {
    // Google puts the object into a list.
    let document = json::document(&response.body).or_else(|| {
        json::list::<1>(json::value(&response.body))
            .first()
            .copied()
    });
    let answer: Answer<'_> = json::object(document);
    let error: Error<'_> = json::object(answer.error);
    let word = |part| json::text(part).unwrap_or_default().to_lowercase();
    let codes = [error.code, answer.code, answer.status];
    let number = |part| json::number(part).or_else(|| json::text(part)?.parse().ok());
    Said {
        message: completion::words(response),
        words: [word(error.r#type), word(error.code.or(answer.code))],
        param: word(error.param),
        number: codes.into_iter().find_map(number),
    }
}

impl Said {
    fn is_one_of(&self, known: &[&str]) -> bool {
        self.words.iter().any(|word| known.contains(&word.as_str()))
    }

    fn is_too_long(&self) -> bool {
        self.is_one_of(&["context_length_exceeded"]) || completion::is_too_long(&self.message)
    }

    fn is_about_settings(&self) -> bool {
        let message = self.message.to_lowercase();
        self.is_one_of(&UNKNOWN_MODEL)
            || self.is_one_of(&UNFIT_PARAMETER)
            || SET_BY_HAND.contains(&self.param.as_str())
            || self.param == "model"
            || UNFIT_TEXT.iter().any(|text| message.contains(text))
    }
}
