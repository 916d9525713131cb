//! What every channel keeps.

use super::OK;
use crate::{Telegram, body::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Telegram {
    /// Each unit of UTF-16 takes six bytes in JSON at most.
    const LIMIT: Option<usize> = Some(6 * LIMIT + 300);

    fn config() -> Value {
        json!({"token": KEY, "chat_id": "-100123"})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = sent["text"].as_str().unwrap();
        let (title, text) = text.split_once("</b>\n").unwrap();
        Shown {
            title: title.strip_prefix("<b>").unwrap().to_owned(),
            text: text.to_owned(),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Telegram);
