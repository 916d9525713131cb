use super::json;
use crate::Sentry;
use push_notify_sdk::{
    Provider, Secret, crypto,
    forge::Config,
    testing::{Host, is_unauthenticated as unauthenticated, webhook},
};

const SECRET: &str = "test-secret-not-real";

#[test]
fn the_old_plugin_has_the_secret_in_its_address() {
    let body = json("legacy.event.json").to_string();
    let receive = |query: &str, signature: Option<&str>| {
        let headers = signature.map(|signature| ("sentry-hook-signature", signature));
        let headers: Vec<(&str, &str)> = headers.into_iter().collect();
        let mut webhook = webhook(&headers, body.as_bytes());
        webhook.query = query.to_owned();
        let config = Config {
            webhook_secret: Some(Secret::new("placeholder")),
            ..Config::default()
        };
        let host = Host::new().secret("placeholder", SECRET);
        host.run(|| Sentry::receive(webhook, config))
    };
    let right = format!("token={SECRET}");
    assert!(receive(&right, None).is_ok());
    assert!(unauthenticated(&receive("token=other", None)));
    assert!(unauthenticated(&receive("", None)));
    // Beside a signature the address does not count.
    let forged = Host::new().run(|| crypto::hex(crypto::hmac_sha256("other-not-real", &body)));
    assert!(unauthenticated(&receive(&right, Some(&forged))));
}

#[test]
fn a_delivery_that_is_sent_again_has_the_same_id() {
    let body = json("issue.created.json").to_string();
    let mac = Host::new().run(|| crypto::hex(crypto::hmac_sha256(SECRET, &body)));
    let headers = [
        ("sentry-hook-resource", "issue"),
        ("sentry-hook-signature", &*mac),
        ("request-id", "d8a3"),
    ];
    let config = Config {
        webhook_secret: Some(Secret::new("placeholder")),
        ..Config::default()
    };
    let host = Host::new().secret("placeholder", SECRET);
    let delivery = host.run(|| Sentry::receive(webhook(&headers, body.as_bytes()), config));
    assert_eq!(delivery.unwrap().id.as_deref(), Some("d8a3"));
}
