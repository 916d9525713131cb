//! What DingTalk's answer means. Errors come with HTTP status 200 and an `errcode`; the same code
//! covers several causes, so the text decides first. A code that nobody has described means that
//! the message did not arrive.

use push_notify_sdk::{
    Failure,
    json::part::{self, Part},
};
use serde::Deserialize;

/// How the gateway before the API marks its own answer, which may be merged with one of the API.
const GATEWAY_THROTTLE: i64 = 1111;
const GATEWAY_WAIT_MS: u64 = 5_000;
/// Longest text of the far side in a reason, in characters.
const EXCERPT: usize = 300;
/// What is read of that text, in characters.
const LONGEST_TEXT: usize = 4000;

/// Of which the far side says what it likes.
#[derive(Default, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    errcode: Part<'a>,
    #[serde(borrow)]
    errmsg: Part<'a>,
    #[serde(borrow)]
    status: Part<'a>,
    #[serde(borrow)]
    wait: Part<'a>,
}

enum Class {
    Retry,
    TooFast,
    Rejected,
    Misconfigured,
}

/// By what the text says, in lower case.
const BY_TEXT: &[(&str, Class)] = &[
    ("too fast", Class::TooFast),
    ("times per minute", Class::TooFast),
    ("system busy", Class::Retry),
    ("系统繁忙", Class::Retry),
    ("too long", Class::Rejected),
    ("exceed 20000 bytes", Class::Rejected),
    ("keywords not in content", Class::Misconfigured),
    ("关键词不匹配", Class::Misconfigured),
    ("invalid timestamp", Class::Misconfigured),
    ("sign not match", Class::Misconfigured),
    ("签名不匹配", Class::Misconfigured),
    ("not in whitelist", Class::Misconfigured),
    ("token is not exist", Class::Misconfigured),
    ("token not exist", Class::Misconfigured),
];

/// Fails unless the answer says that the message was taken.
pub(crate) fn verdict(body: &[u8]) -> Result<(), Failure> {
    // At once, and not as a document first: an answer may have 10 MiB, and looking through it is
    // most of what it costs.
    let Some(answer) = part::read::<Answer<'_>>(body) else {
        return Err(Failure::retry("DingTalk's answer is not a JSON object"));
    };
    let code = part::whole(answer.errcode);
    // Longer than any that is to be known, and longer than what is quoted of it.
    let text = part::words(answer.errmsg, LONGEST_TEXT).unwrap_or_default();
    if part::whole(answer.status) == Some(GATEWAY_THROTTLE) {
        let wait = answer
            .wait
            .and_then(|wait| wait.get().parse::<f64>().ok())
            .filter(|wait| *wait >= 0.0);
        // A cast from a float saturates.
        let wait = wait.map_or(GATEWAY_WAIT_MS, |seconds| (seconds * 1000.0) as u64);
        let reason = "DingTalk's gateway throttles (status 1111)";
        return Err(match code {
            Some(130101) => Failure::throttled(reason),
            _ => Failure::retry_after(reason, wait),
        });
    }
    let Some(code) = code else {
        return Err(Failure::retry("DingTalk's answer has no errcode"));
    };
    if code == 0 {
        return Ok(());
    }
    let lower = text.to_lowercase();
    let by_text = BY_TEXT.iter().find(|(part, _)| lower.contains(part));
    let by_code = by_code(code);
    let class = by_text.map_or(&by_code, |(_, class)| class);
    let reason = format!(
        "DingTalk errcode {code}: {}",
        text.chars().take(EXCERPT).collect::<String>()
    );
    Err(match class {
        Class::Retry => Failure::retry(reason),
        Class::TooFast => Failure::throttled(reason),
        Class::Rejected => Failure::rejected(reason),
        Class::Misconfigured => Failure::misconfigured(reason),
    })
}

fn by_code(code: i64) -> Class {
    match code {
        -1 => Class::Retry,
        // Too many in a minute, throttled, rate limited.
        130101 | 410100 | 660026 => Class::TooFast,
        // The robot's security settings: keywords, signature, addresses.
        310000 => Class::Misconfigured,
        // The token, the robot or the group is gone, or was never there.
        300001 | 300005 | 400013 | 400101 | 400102 | 400106 => Class::Misconfigured,
        // Among those known: 40035 a parameter is missing, 43002 POST needed, 43004 wrong content
        // type, 400105 unknown kind of message, 430101 to 430104 unsafe link, text, image or
        // content.
        _ => Class::Rejected,
    }
}
