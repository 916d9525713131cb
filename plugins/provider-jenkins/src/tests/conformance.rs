//! What every provider keeps, as far as it is not about pushes.

use crate::Jenkins;
use push_notify_sdk::testing::conformance::{ProviderRow, Sent};
use serde_json::{Value, json};

impl ProviderRow for Jenkins {
    const ID: &'static str = "jenkins";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "notified.completed";
    const EVENTS: &'static [&'static str] = &["jenkins"];
    const FORMS: bool = false;
    const SIGNS_BODY: bool = false;

    /// No header names it.
    fn named(event: &str) -> (&'static str, String) {
        ("user-agent", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        vec![("authorization", format!("Bearer {}", sent.secret))]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![("authorization", "")]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"name":"a","build":7}"#,
            r#"{"name":"a","build":{"number":1}}"#,
            r#"{"name":"a","build":{"phase":"STARTED"}}"#,
            r#"{"build":{"phase":"STARTED","number":1}}"#,
            r#"{"name":"a","build":{"phase":"COMPLETED","number":1}}"#,
            r#"{"projectName":"a","event":"start"}"#,
            r##"{"projectName":"a","buildName":"#1"}"##,
            r#"{"job":"a","number":1}"#,
            r#"{"job":"a","status":"SUCCESS"}"#,
            r#"{"number":1,"status":"SUCCESS"}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        vec![
            ("jenkins", json!({"name": "a", "build": {"phase": text}})),
            ("jenkins", json!({"job": "a", "number": 1, "status": text})),
        ]
    }
}

push_notify_sdk::conformance!(proof Jenkins);
push_notify_sdk::conformance!(provider Jenkins:
    every_fixture_becomes_the_event_beside_it,
    what_the_host_never_sends_is_malformed,
    a_reason_stays_short_whatever_the_delivery_holds,
    the_longest_names_break_nothing,
);
