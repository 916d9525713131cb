//! What every channel keeps.

use super::OK;
use crate::{Ntfy, body::JSON_LIMIT};
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Ntfy {
    const LIMIT: Option<usize> = Some(JSON_LIMIT);

    fn config() -> Value {
        json!({"topic": format!("{KEY}-topic"), "token": KEY})
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
            // The topic has its place in the body; nothing else may.
            sent: request
                .text()
                .replacen(KEY, &"-".repeat(KEY.len()), 1)
                .into(),
        }
    }
}

push_notify_sdk::conformance!(channel Ntfy);
