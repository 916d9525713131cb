//! What the answer means: `route_push.go` of bark-server. What Apple says comes as status 500.

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
    code: Part<'a>,
    #[serde(borrow)]
    message: Part<'a>,
}

/// Of the key, and of the device that it stands for.
const OF_THE_KEY: [&str; 6] = [
    "device key is empty",
    "failed to get device token",
    "BadDeviceToken",
    "DeviceTokenNotForTopic",
    "Unregistered",
    "ExpiredToken",
];

/// Fails unless the answer says that the message was taken.
pub(crate) fn verdict(response: Response) -> Result<(), Failure> {
    let answer = part::read::<Answer<'_>>(&response.body).unwrap_or_default();
    let code = part::whole(answer.code);
    let text = part::words(answer.message, EXCERPT).unwrap_or_default();
    let reason = format!("Bark code {}: {text}", code.unwrap_or_default());
    if OF_THE_KEY.iter().any(|words| text.contains(words)) {
        return Err(Failure::misconfigured(reason));
    }
    if text.contains("PayloadTooLarge") {
        return Err(Failure::rejected(reason));
    }
    response.check()?;
    match code {
        Some(200) => Ok(()),
        None => Err(Failure::retry("Bark's answer has no code")),
        Some(429 | 500..) => Err(Failure::retry(reason)),
        Some(_) => Err(Failure::rejected(reason)),
    }
}
