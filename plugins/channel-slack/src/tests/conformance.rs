//! What every channel keeps.

use super::OK;
use crate::Slack;
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Slack {
    /// Each character of a block takes six bytes at most.
    const LIMIT: Option<usize> = Some(6 * crate::body::LIMIT + 2000);

    fn config() -> Value {
        json!({"token": KEY, "channel": "C0PEAR"})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = |value: &Value| value["text"]["text"].as_str().unwrap().to_owned();
        Shown {
            title: text(&sent["blocks"][0]),
            text: text(&sent["attachments"][0]["blocks"][0]),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Slack);
