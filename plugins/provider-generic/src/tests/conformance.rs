//! What every provider keeps, as far as it is about any delivery: what these look like, the mapping
//! says.

use crate::Generic;
use push_notify_sdk::testing::conformance::{ProviderRow, Sent, provider::PLACEHOLDER};
use serde_json::{Value, json};

impl ProviderRow for Generic {
    const ID: &'static str = "generic";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "uptime-kuma.down";
    const EVENTS: &'static [&'static str] = &["generic"];
    const FORMS: bool = false;
    const SIGNS_BODY: bool = true;

    fn config() -> Value {
        json!({
            "url": "https://status.example.com", "webhook_secret": PLACEHOLDER,
            "proof": "hmac", "signature_header": "X-Signature-256", "signature_algorithm": "sha256",
            "signature_encoding": "hex", "signature_prefix": "",
            "mapping": {"preset": "uptime-kuma"},
        })
    }

    /// No header names it.
    fn named(event: &str) -> (&'static str, String) {
        ("user-agent", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        let mac = push_notify_sdk::crypto::hmac_sha256(sent.secret, sent.body);
        vec![("x-signature-256", push_notify_sdk::crypto::hex(mac))]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![("x-signature-256", "")]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"msg":null}"#,
            r#"{"monitor":{"id":1},"heartbeat":{"status":0}}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        vec![("generic", json!({ text: 1 }))]
    }
}

push_notify_sdk::conformance!(provider Generic:
    what_proves_nothing_is_refused_before_anything_else,
    a_repository_without_a_secret_receives_nothing,
    what_the_host_never_sends_is_malformed,
    a_reason_stays_short_whatever_the_delivery_holds,
    the_longest_names_break_nothing,
);
