//! What every channel keeps.

use super::OK;
use crate::Wecom;
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Wecom {
    /// Each byte of the text takes six in JSON at most.
    const LIMIT: Option<usize> = Some(6 * crate::body::LIMIT + 100);

    fn config() -> Value {
        json!({"key": KEY})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = sent["markdown"]["content"].as_str().unwrap();
        let (title, text) = text.split_once('\n').unwrap();
        Shown {
            title: title.strip_prefix("### ").unwrap().to_owned(),
            text: text.to_owned(),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Wecom);
