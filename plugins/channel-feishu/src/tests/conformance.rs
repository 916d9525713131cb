//! What every channel keeps.

use super::OK;
use crate::{Feishu, body::LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Feishu {
    const LIMIT: Option<usize> = Some(LIMIT);

    fn config() -> Value {
        json!({"token": KEY, "secret": format!("{KEY}-of-the-bot")})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(OK))
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let card = &sent["card"];
        let title = card["header"]["title"]["content"].as_str().unwrap();
        let text = card["body"]["elements"][0]["content"].as_str().unwrap();
        Shown {
            title: title.to_owned(),
            text: without_entities(text),
            sent: request.body.unwrap(),
        }
    }
}

/// As readers see it.
fn without_entities(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').unwrap();
        out.extend(char::from_u32(number.parse().unwrap()));
        out.push_str(rest);
    }
    out
}

push_notify_sdk::conformance!(channel Feishu);
