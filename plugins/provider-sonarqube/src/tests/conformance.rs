//! What every provider keeps, as far as it is not about pushes.

use crate::Sonarqube;
use push_notify_sdk::{
    crypto,
    testing::conformance::{ProviderRow, Sent},
};
use serde_json::{Value, json};

impl ProviderRow for Sonarqube {
    const ID: &'static str = "sonarqube";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "gate.passed";
    const EVENTS: &'static [&'static str] = &["gate"];
    const FORMS: bool = false;

    fn named(event: &str) -> (&'static str, String) {
        ("x-sonarqube-project", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        let mac = crypto::hex(crypto::hmac_sha256(sent.secret, sent.body));
        vec![("x-sonar-webhook-hmac-sha256", mac)]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![("x-sonar-webhook-hmac-sha256", "")]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"status":"SUCCESS","taskId":"a"}"#,
            r#"{"status":"FAILED","project":{"key":"a"}}"#,
            r#"{"project":{"key":"a"},"taskId":"a"}"#,
            r#"{"status":"SUCCESS","taskId":"a","project":{"key":"a"},"qualityGate":{}}"#,
            r#"{"status":"SUCCESS","taskId":"a","project":{"key":"a"},"qualityGate":7}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        let project = json!({"key": "a"});
        vec![
            ("gate", json!({"project": project, "status": text})),
            (
                "gate",
                json!({"project": project, "status": "SUCCESS", "qualityGate": {"status": text}}),
            ),
        ]
    }
}

push_notify_sdk::conformance!(proof Sonarqube);
push_notify_sdk::conformance!(provider Sonarqube:
    every_fixture_becomes_the_event_beside_it,
    what_the_host_never_sends_is_malformed,
    a_reason_stays_short_whatever_the_delivery_holds,
    the_longest_names_break_nothing,
);
