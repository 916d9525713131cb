//! What every channel keeps.

use crate::{Mattermost, body::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Mattermost {
    /// The limit is one of characters, of six bytes at most, and the rest has less than a KiB.
    const LIMIT: Option<usize> = Some(6 * LIMIT + 1024);

    fn config() -> Value {
        json!({"url": KEY})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http("ok"))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = sent["text"].as_str().unwrap();
        let (heading, text) = text.split_once("\n\n").unwrap();
        Shown {
            title: message_text::plain(heading),
            text: text.to_owned(),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Mattermost);
