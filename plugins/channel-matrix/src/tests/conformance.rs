//! What every channel keeps.

use super::OK;
use crate::{Matrix, content::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Matrix {
    const LIMIT: Option<usize> = Some(LIMIT);

    fn config() -> Value {
        json!({
            "homeserver": "https://matrix.example.com", "access_token": KEY, "room_id": "!r:example.com",
        })
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let (title, text) = sent["body"].as_str().unwrap().split_once("\n\n").unwrap();
        Shown {
            title: title.to_owned(),
            text: text.to_owned(),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Matrix);
