//! What Mattermost's answer means: `ok` of a webhook, a post of the API, or JSON with the id of an
//! error.

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

/// Of a post that is to be changed or answered: it was deleted, or may not be changed any more. The
/// server does not tell a post that is gone from one that somebody else may change only.
const GONE: [&str; 5] = [
    "api.context.permissions.app_error",
    "api.post.create_post.root_id.app_error",
    "api.post.create_post.channel_root_id.app_error",
    "api.post.update_post.permissions_time_limit.app_error",
    "app.post.get.app_error",
];

/// The id of what was asked for, or why the post that it `follows` cannot be followed.
pub(crate) fn of_api(
    response: Response,
    follows: bool,
) -> Result<Result<Option<String>, String>, Failure> {
    let answer = part::read::<Answer<'_>>(&response.body);
    let is_json = answer.is_some();
    let answer = answer.unwrap_or_default();
    let id = part::name(answer.id);
    if (200..300).contains(&response.status) {
        return match is_json {
            true => Ok(Ok(id)),
            false => Err(Failure::retry("Mattermost's answer is not a JSON object")),
        };
    }
    let id = id.unwrap_or_default();
    let text = part::words(answer.message, EXCERPT).unwrap_or_default();
    let reason = format!("Mattermost says {} {id}: {text}", response.status);
    match response.status {
        _ if follows && GONE.contains(&id.as_str()) => Ok(Err(reason)),
        401 | 403 | 404 | 501 => Err(Failure::misconfigured(reason)),
        400 => Err(Failure::rejected(reason)),
        _ => response.check().map(|_| Ok(None)),
    }
}

/// Fails unless the answer says that the message was taken.
pub(crate) fn of_webhook(response: Response) -> Result<(), Failure> {
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
