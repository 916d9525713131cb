//! What Slack's answer means. Its API answers 200 and a word; incoming webhooks answer a status and
//! a word.

use push_notify_sdk::{
    Failure,
    card::Class,
    http::Response,
    json::part::{self, Part},
};
use serde::Deserialize;

/// Longest word for an error that is read, in characters.
const LONGEST_WORD: usize = 100;

/// The message is there, or it is there no more.
pub(crate) enum Outcome {
    Done(Sent),
    Gone(String),
}

#[derive(Default)]
pub(crate) struct Sent {
    channel: Option<String>,
    pub(crate) ts: Option<String>,
}

impl Sent {
    pub(crate) fn handle(&self) -> Option<String> {
        Some(format!("{}:{}", self.channel.as_ref()?, self.ts.as_ref()?))
    }
}

#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    ok: Part<'a>,
    #[serde(borrow)]
    error: Part<'a>,
    #[serde(borrow)]
    channel: Part<'a>,
    #[serde(borrow)]
    ts: Part<'a>,
}

/// Words of the API, and of webhooks.
const MISCONFIGURED: &[&str] = &[
    "access_denied",
    "account_inactive",
    "action_prohibited",
    "channel_is_archived",
    "channel_not_found",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "invalid_token",
    "is_archived",
    "missing_scope",
    "no_active_hooks",
    "no_permission",
    "no_service",
    "no_service_id",
    "no_team",
    "not_allowed_token_type",
    "not_authed",
    "not_in_channel",
    "org_login_required",
    "posting_to_general_channel_denied",
    "restricted_action",
    "team_access_not_granted",
    "team_disabled",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
    "user_not_found",
];
const RETRY: &[&str] = &[
    "fatal_error",
    "internal_error",
    "request_timeout",
    "rollup_error",
    "service_unavailable",
    "team_added_to_org",
];
const THROTTLED: &[&str] = &["message_limit_exceeded", "rate_limited", "ratelimited"];
/// Of a message that is to be changed or answered.
const GONE: &[&str] = &[
    "cannot_reply_to_message",
    "cant_update_message",
    "edit_window_closed",
    "message_not_found",
    "restricted_action_thread_locked",
    "thread_not_found",
];

pub(crate) fn of_api(body: &[u8]) -> Result<Outcome, Failure> {
    let Some(answer) = part::read::<Answer<'_>>(body) else {
        return Err(Failure::retry("Slack's answer is not a JSON object"));
    };
    if answer.ok.is_some_and(|ok| ok.get() == "true") {
        return Ok(Outcome::Done(Sent {
            channel: part::name(answer.channel),
            ts: part::name(answer.ts),
        }));
    }
    let Some(word) = part::words(answer.error, LONGEST_WORD) else {
        return Err(Failure::retry(
            "Slack's answer says neither ok nor an error",
        ));
    };
    let reason = format!("Slack says {word}");
    match GONE.contains(&&*word) {
        true => Ok(Outcome::Gone(reason)),
        false => Err(class(&word).failure(reason)),
    }
}

pub(crate) fn of_hook(response: Response) -> Result<(), Failure> {
    if response.status == 400 {
        let start = &response.body[..response.body.len().min(LONGEST_WORD)];
        let word = String::from_utf8_lossy(start).trim().to_owned();
        if class(&word) == Class::Misconfigured {
            return Err(Failure::misconfigured(format!("Slack says {word}")));
        }
    }
    let response = response.check()?;
    match response.body.trim_ascii() {
        b"ok" => Ok(()),
        _ => Err(Failure::retry("Slack's answer is not ok")),
    }
}

/// What nobody has described means that the message did not arrive.
fn class(word: &str) -> Class {
    let is_in = |words: &[&str]| words.contains(&word);
    match word {
        _ if is_in(MISCONFIGURED) || word.starts_with("restricted_action") => Class::Misconfigured,
        _ if is_in(RETRY) => Class::Retry,
        _ if is_in(THROTTLED) => Class::Throttled,
        _ => Class::Rejected,
    }
}
