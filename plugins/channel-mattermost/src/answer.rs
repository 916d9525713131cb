//! What Mattermost's answer means: `ok`, or JSON with the id of an error.

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
    id: Part<'a>,
    #[serde(borrow)]
    message: Part<'a>,
}

/// Behind `web.incoming_webhook.`: of the webhook, its channel and its owner. All else is of the
/// message.
const OF_THE_WEBHOOK: [&str; 7] = [
    "invalid.",
    "disabled.",
    "channel.",
    "channel_locked.",
    "permissions.",
    "user.",
    "team.",
];

/// Fails unless the answer says that the message was taken.
pub(crate) fn verdict(response: Response) -> Result<(), Failure> {
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    let id = part::name(answer.id).unwrap_or_default();
    let text = part::words(answer.message, EXCERPT).unwrap_or_default();
    if let Some(what) = id.strip_prefix("web.incoming_webhook.") {
        let reason = format!("Mattermost {id}: {text}");
        if OF_THE_WEBHOOK.iter().any(|part| what.starts_with(part)) {
            return Err(Failure::misconfigured(reason));
        }
    }
    // Webhooks are switched off.
    if response.status == 501 {
        return Err(Failure::misconfigured(format!(
            "Mattermost: HTTP 501 {text}"
        )));
    }
    let response = response.check()?;
    match response.body.trim_ascii() {
        b"ok" => Ok(()),
        _ => Err(Failure::retry("Mattermost's answer is not ok")),
    }
}
