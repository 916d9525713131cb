use super::{Config, PluginType};
use push_notify_sdk::{Ai, AiRequest, Failure, Role, StopReason, Turn, testing};
use serde_json::{Value, json};

fn config() -> Config {
    serde_json::from_str(
        r#"{"endpoint": "https://{id}.example.com", "api_key": "placeholder", "model": "m-1"}"#,
    )
    .unwrap()
}

fn question() -> AiRequest {
    AiRequest {
        turns: vec![Turn {
            role: Role::User,
            text: "why?".into(),
        }],
        ..AiRequest::default()
    }
}

#[test]
fn a_question_is_answered() {
    let answer = json!({"text": "because", "complete": true});
    let host = testing::Host::new().http(move |_request| Ok(testing::json_response(200, &answer)));
    let completion = host.run(|| PluginType::complete(config(), question())).unwrap();
    assert_eq!(
        (completion.text.as_str(), completion.stop),
        ("because", StopReason::Complete)
    );
    let sent: Value = host.requests()[0].json();
    assert_eq!(
        sent["messages"][0],
        json!({"role": "user", "content": "why?"})
    );
}

#[test]
fn a_wrong_key_needs_an_administrator() {
    let host = testing::Host::new().http(|_request| Ok(testing::response(401, "")));
    let probed = host.run(|| PluginType::probe(config()));
    assert_eq!(probed, Err(Failure::misconfigured("HTTP 401")));
}
