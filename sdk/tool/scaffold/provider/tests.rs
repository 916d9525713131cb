use super::{Config, PluginType};
use push_notify_sdk::{Delivery, Header, Provider, Rejection, Webhook, crypto, testing};

const BODY: &str = r#"{"ref": "refs/heads/main", "repository": "team/app", "commits": [{"id": "1", "message": "one"}]}"#;

fn host() -> testing::Host {
    testing::Host::new().secret("placeholder", "test-secret-not-real")
}

fn receive(event: &str, signature: &str) -> Result<Delivery, Rejection> {
    let header = |name: &str, value: &str| Header {
        name: name.into(),
        value: value.into(),
    };
    let webhook = Webhook {
        headers: vec![header("x-event", event), header("x-signature", signature)],
        body: BODY.into(),
        ..Webhook::default()
    };
    let config: Config = serde_json::from_str(r#"{"webhook_secret": "placeholder"}"#).unwrap();
    host().run(|| PluginType::receive(webhook, config))
}

fn signature() -> String {
    host().run(|| crypto::hex(crypto::hmac_sha256("test-secret-not-real", BODY)))
}

#[test]
fn a_signed_push_becomes_an_event() {
    let event = receive("push", &signature()).unwrap().events.remove(0);
    assert_eq!(event.branch.as_deref(), Some("main"));
    assert_eq!(event.repository.full_name, "team/app");
    assert_eq!(event.commits[0].message, "one");
}

#[test]
fn a_forged_push_is_refused() {
    assert!(matches!(
        receive("push", "00"),
        Err(Rejection::Unauthenticated(_))
    ));
    assert!(matches!(
        receive("push", ""),
        Err(Rejection::Unauthenticated(_))
    ));
}

#[test]
fn an_event_of_no_interest_is_ignored() {
    assert!(matches!(
        receive("star", &signature()),
        Err(Rejection::Ignored(_))
    ));
}
