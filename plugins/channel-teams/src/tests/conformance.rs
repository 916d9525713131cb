//! What every channel keeps.

use crate::{Teams, card::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Teams {
    const LIMIT: Option<usize> = Some(LIMIT);

    fn config() -> Value {
        json!({"url": KEY})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(""))
    }

    /// An answer has no form by which another could be told from it.
    fn class(far: Far) -> &'static str {
        match far {
            Far::Garbled => "ok",
            far => far.class(),
        }
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let body = &sent["attachments"][0]["content"]["body"];
        let text = |part: &Value| part.as_str().unwrap().to_owned();
        Shown {
            title: text(&body[0]["inlines"][0]["text"]),
            text: text(&body[1]["text"]),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Teams);
