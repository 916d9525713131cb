use super::{Config, PluginType};
use push_notify_sdk::{
    Channel, Failure, Message, Receipt,
    testing::{
        self, Host,
        conformance::{ChannelRow, Far, KEY, Shown},
    },
};
use serde_json::{Value, json};

fn config() -> Config {
    serde_json::from_str(r#"{"url": "https://{id}.example.com/hook", "token": "placeholder"}"#)
        .unwrap()
}

fn message() -> Message {
    Message {
        title: "A push".into(),
        body: "**two** commits".into(),
        ..Message::default()
    }
}

#[test]
fn a_message_is_posted() {
    let host = testing::Host::new().http(|_request| Ok(testing::response(200, "")));
    let sent = host.run(|| PluginType::send(config(), message()));
    assert_eq!(sent, Ok(Receipt::default()));
    let request = host.requests().remove(0);
    assert_eq!(request.url, "https://{id}.example.com/hook");
    assert_eq!(request.header("authorization"), Some("Bearer placeholder"));
    assert_eq!(request.json::<Value>()["title"], "A push");
}

#[test]
fn a_busy_receiver_is_tried_again_later() {
    let host = testing::Host::new()
        .http(|_request| Ok(testing::response(503, "").with_header("retry-after", "5")));
    let sent = host.run(|| PluginType::send(config(), message()));
    assert_eq!(sent, Err(Failure::retry_after("HTTP 503", 5000)));
}

/// What every channel keeps.
impl ChannelRow for PluginType {
    const ONE_LINE_TITLES: bool = false;

    fn config() -> Value {
        json!({"url": "https://{id}.example.com/hook", "token": KEY})
    }

    fn far(far: Far) -> Option<Host> {
        Some(far.over_http(""))
    }

    fn class(far: Far) -> &'static str {
        match far {
            // Whatever a success says, it is one.
            Far::Garbled => "ok",
            other => other.class(),
        }
    }

    fn shown(host: &Host) -> Shown {
        let request = host.requests().pop().unwrap();
        let sent: Value = request.json();
        let text = |name: &str| sent[name].as_str().unwrap().to_owned();
        Shown {
            title: text("title"),
            text: text("text"),
            sent: request.body.unwrap(),
        }
    }
}

push_notify_sdk::conformance!(channel PluginType);
