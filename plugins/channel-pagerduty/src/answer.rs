//! What PagerDuty's answer means. It takes events first and looks into them later.

use push_notify_sdk::{
    Failure,
    http::Response,
    json::part::{self, Part},
};
use serde::Deserialize;

/// Longest text of the far side in a reason, in characters.
const EXCERPT: usize = 200;

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    status: Part<'a>,
    #[serde(borrow)]
    message: Part<'a>,
    #[serde(borrow)]
    errors: Part<'a>,
    #[serde(borrow)]
    dedup_key: Part<'a>,
}

/// The key of the alert. None of a change event.
pub(crate) fn dedup_key(response: Response) -> Result<Option<String>, Failure> {
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    if (200..=299).contains(&response.status) {
        return match part::name(answer.status) {
            Some(status) if status == "success" => {
                Ok(part::text(answer.dedup_key).filter(|key| key.len() <= 255))
            }
            _ => Err(Failure::retry("PagerDuty's answer does not say success")),
        };
    }
    if response.status == 400 {
        let errors = part::list::<1>(answer.errors);
        let error = part::words(errors.first().copied(), EXCERPT);
        let text = error.or_else(|| part::words(answer.message, EXCERPT));
        let text = text.unwrap_or_default();
        let lower = text.to_lowercase();
        let reason = format!("PagerDuty: {text}");
        let is_of_the_key = ["routing key", "routing_key"]
            .iter()
            .any(|words| lower.contains(words));
        return Err(match is_of_the_key {
            true => Failure::misconfigured(reason),
            false => Failure::rejected(reason),
        });
    }
    if response.status == 429 && response.retry_after_ms().is_none() {
        return Err(Failure::throttled("PagerDuty takes no more for now"));
    }
    response.check()?;
    Err(Failure::retry("PagerDuty's answer does not say success"))
}
