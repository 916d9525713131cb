//! What every channel keeps.

use crate::Webhook;
use push_notify_sdk::testing::{
    Host,
    conformance::{ChannelRow, Far, KEY, Shown},
};
use serde_json::{Value, json};

impl ChannelRow for Webhook {
    /// A title is part of JSON, and as it is.
    const ONE_LINE_TITLES: bool = false;

    fn config() -> Value {
        json!({
            "url": "https://hooks.example.com/in", "token": KEY, "secret": format!("{KEY}-of-old"),
            "signing_key": format!("{KEY}-to-sign"),
        })
    }

    fn far(far: Far) -> Option<Host> {
        let secret = "whsec_dGVzdC1zZWNyZXQtbm90LXJlYWwhISE=";
        Some(far.over_http("").secret(&format!("{KEY}-of-old"), secret))
    }

    /// A receiver may answer what it likes.
    fn class(far: Far) -> &'static str {
        match far {
            Far::Garbled => "ok",
            far => far.class(),
        }
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = |name: &str| sent["data"][name].as_str().unwrap().to_owned();
        Shown {
            title: text("title"),
            text: text("text"),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel Webhook);
