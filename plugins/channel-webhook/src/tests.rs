mod body;
mod conformance;

use crate::{Config, Webhook};
use push_notify_manifest::{Kind, Manifest};
use push_notify_sdk::{
    Channel, Failure, Message, Receipt, crypto,
    testing::{self, Host, Request},
};
use serde_json::{Value, json};

const NOW_MS: u64 = 1_735_693_200_999;
/// The secret of the specification's own example; of no receiver.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn config(fields: Value) -> Config {
    let mut config = json!({"url": "https://hooks.example.com/in?team=1"});
    config
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    serde_json::from_value(config).unwrap()
}

fn message(title: &str, body: &str) -> Message {
    Message {
        id: "push-1".to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        scene: "commit_notify".to_owned(),
        repository: "orchard-works/pear-ledger".to_owned(),
        created_at_ms: 1_735_693_200_123,
        ..Message::default()
    }
}

fn receiver(status: u16) -> Host {
    Host::new()
        .now_ms(NOW_MS)
        .secret("secret-placeholder", SECRET)
        .secret(
            "former-placeholder",
            "whsec_dGVzdC1zZWNyZXQtbm90LXJlYWwhISE=",
        )
        .secret("key-placeholder", "whsk_dGVzdC1rZXktbm90LXJlYWw=")
        .secret("broken-placeholder", "not base64")
        .secret("empty-placeholder", "")
        .http(move |_| Ok(testing::response(status, "answer")))
}

fn send(fields: Value, message: Message) -> (Result<Receipt, Failure>, Request) {
    let host = receiver(204);
    let result = host.run(|| Webhook::send(config(fields), message));
    let request = host.requests().pop().unwrap();
    (result, request)
}

fn refused(fields: Value) -> Failure {
    let host = receiver(204);
    let result = host.run(|| Webhook::send(config(fields), message("t", "b")));
    assert_eq!(host.requests().len(), 0);
    result.unwrap_err()
}

#[test]
fn a_message_is_posted_with_its_id_and_the_time_of_the_attempt() {
    let (result, request) = send(json!({}), message("t", "b"));
    assert_eq!(result, Ok(Receipt::default()));
    assert_eq!(request.url, "https://hooks.example.com/in?team=1");
    assert_eq!(format!("{:?}", request.method), "Method::Post");
    assert_eq!(request.header("webhook-id"), Some("push-1"));
    assert_eq!(request.header("webhook-timestamp"), Some("1735693200"));
    assert_eq!(request.header("webhook-signature"), None);
    assert_eq!(request.header("authorization"), None);
    let (_, request) = send(json!({"method": "PUT"}), message("t", "b"));
    assert_eq!(format!("{:?}", request.method), "Method::Put");
}

#[test]
fn the_signature_is_the_specified_one() {
    let keys: crate::sign::Keys =
        serde_json::from_value(json!({"secret": "secret-placeholder"})).unwrap();
    let body = br#"{"test": 2432232314}"#;
    let signed = receiver(200)
        .run(|| keys.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body))
        .unwrap();
    assert_eq!(
        signed.as_deref(),
        Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    );
}

#[test]
fn each_key_signs_what_was_sent() {
    let keys = json!({
        "secret": "secret-placeholder", "former_secrets": ["former-placeholder", "secret-placeholder"],
        "signing_key": "key-placeholder",
    });
    let (_, request) = send(keys, message("t", "b"));
    let signatures: Vec<&str> = request
        .header("webhook-signature")
        .unwrap()
        .split(' ')
        .collect();
    assert_eq!(signatures.len(), 4);
    let content = format!("push-1.1735693200.{}", request.text());
    let expected = receiver(200).run(|| {
        [
            "secret-placeholder",
            "former-placeholder",
            "secret-placeholder",
        ]
        .map(|secret| {
            let mac = crypto::hmac_sha256_by_base64(secret, &content);
            format!("v1,{}", crypto::base64(mac))
        })
    });
    assert_eq!(signatures[..3], expected);
    assert!(signatures[3].starts_with("v1a,"));
}

#[test]
fn a_key_that_cannot_sign_is_misconfigured_and_named() {
    for (field, value) in [
        ("secret", json!("broken-placeholder")),
        (
            "former_secrets",
            json!(["secret-placeholder", "broken-placeholder"]),
        ),
        ("signing_key", json!("empty-placeholder")),
        ("former_signing_keys", json!(["empty-placeholder"])),
    ] {
        let Failure::Misconfigured(reason) = refused(json!({field: value})) else {
            panic!("{field}");
        };
        assert!(reason.starts_with(field), "{reason}");
    }
}

#[test]
fn a_token_or_a_password_says_who_sends_it() {
    let (_, request) = send(json!({"token": "token-placeholder"}), message("t", "b"));
    assert_eq!(
        request.header("authorization"),
        Some("Bearer token-placeholder")
    );
    let named = json!({"token": "token-placeholder", "token_header": "X-Api-Key"});
    let (_, request) = send(named, message("t", "b"));
    assert_eq!(request.header("x-api-key"), Some("token-placeholder"));
    assert_eq!(request.header("authorization"), None);
    let basic = json!({"username": "mei", "password": "password-placeholder"});
    let (_, request) = send(basic, message("t", "b"));
    let basic = request.basic.unwrap();
    assert_eq!(basic.username, "mei");
    assert_eq!(basic.password, "password-placeholder");
}

#[test]
fn more_headers_are_sent_but_none_that_is_set_already() {
    let (_, request) = send(json!({"headers": ["X-Team: back: end"]}), message("t", "b"));
    assert_eq!(request.header("x-team"), Some("back: end"));
    for header in [
        "no colon",
        ": x",
        "Webhook-Id: 1",
        "host: x",
        "a b: c",
        "Content-Type: x",
    ] {
        let failure = refused(json!({"headers": [header]}));
        assert!(matches!(failure, Failure::Misconfigured(_)), "{header}");
    }
    let failure = refused(json!({"token": "t", "token_header": "a b"}));
    assert!(matches!(failure, Failure::Misconfigured(_)));
}

#[test]
fn the_status_says_what_happens_next() {
    let class = |status: u16| {
        let host = receiver(status);
        testing::class(&host.run(|| Webhook::send(config(json!({})), message("t", "b"))))
    };
    for (status, expected) in [
        (200, "ok"),
        (202, "ok"),
        (302, "misconfigured"),
        (400, "rejected"),
        (401, "misconfigured"),
        (404, "misconfigured"),
        (410, "misconfigured"),
        (413, "rejected"),
        (429, "retry"),
        (500, "retry"),
    ] {
        assert_eq!(class(status), expected, "{status}");
    }
}

#[test]
fn the_manifest_declares_what_the_configuration_reads() {
    let manifest = Manifest::from_toml(include_str!("../plugin.toml")).unwrap();
    assert_eq!(
        (manifest.id.as_str(), manifest.kind),
        ("webhook", Kind::Channel)
    );
    assert_eq!(manifest.version, env!("CARGO_PKG_VERSION"));
    let mut full = json!({
        "url": "https://hooks.example.com", "method": "PUT", "body": "text", "content_type": "text/plain",
        "secret": "s", "former_secrets": ["s"], "signing_key": "k", "former_signing_keys": ["k"],
        "token": "t", "token_header": "X-Api-Key", "username": "mei", "password": "p",
        "headers": ["X-Team: backend"],
    });
    let fields = full.as_object_mut().unwrap();
    assert_eq!(manifest.check_config(fields), Ok(()));
    assert_eq!(manifest.config.len(), fields.len());
    assert!(serde_json::from_value::<Config>(full).is_ok());
    let secrets = manifest.config.iter().filter(|(_, field)| field.secret);
    assert_eq!(secrets.count(), 6);
}
