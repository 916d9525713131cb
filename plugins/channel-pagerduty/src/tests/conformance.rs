//! What every channel keeps.

use super::OK;
use crate::{Pagerduty, body::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Pagerduty {
    const LIMIT: Option<usize> = Some(LIMIT);

    fn config() -> Value {
        json!({"routing_key": KEY})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = |part: &Value| part.as_str().unwrap().to_owned();
        Shown {
            title: text(&sent["payload"]["summary"]),
            text: text(&sent["payload"]["custom_details"]["text"]),
            // The key has its place in the body; nothing else may.
            sent: request
                .text()
                .replacen(KEY, &"-".repeat(KEY.len()), 1)
                .into(),
        }
    }
}

push_notify_sdk::conformance!(channel Pagerduty);
