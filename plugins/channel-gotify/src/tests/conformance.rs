//! What every channel keeps.

use super::OK;
use crate::{Gotify, body::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Gotify {
    const LIMIT: Option<usize> = Some(LIMIT);

    fn config() -> Value {
        json!({"server": "https://gotify.example.com", "token": KEY})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = |name: &str| sent[name].as_str().unwrap().to_owned();
        Shown {
            title: text("title"),
            text: text("message"),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Gotify);
