//! What every channel keeps.

use super::OK;
use crate::{Discord, body::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Discord {
    /// Each unit of UTF-16 takes six bytes in JSON at most.
    const LIMIT: Option<usize> = Some(6 * LIMIT + 300);

    fn config() -> Value {
        json!({"webhook_url": KEY})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = |name: &str| without_escapes(sent["embeds"][0][name].as_str().unwrap());
        Shown {
            title: text("title"),
            text: text("description"),
            sent: request.body.unwrap(),
        }
    }
}

/// As readers see it.
fn without_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek().filter(|_| c == '\\') {
            Some(next) if next.is_ascii_punctuation() => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

push_notify_sdk::conformance!(channel Discord);
