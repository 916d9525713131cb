//! What every provider keeps, as far as it is not about pushes.

use crate::Harbor;
use push_notify_sdk::testing::conformance::{ProviderRow, Sent};
use serde_json::{Value, json};

impl ProviderRow for Harbor {
    const ID: &'static str = "harbor";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "artifact.pushed";
    const EVENTS: &'static [&'static str] = &["harbor"];
    const FORMS: bool = false;
    const SIGNS_BODY: bool = false;

    /// No header names it.
    fn named(event: &str) -> (&'static str, String) {
        ("user-agent", event.to_owned())
    }

    /// As it is typed into the form.
    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        vec![("authorization", sent.secret.to_owned())]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![("authorization", "")]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"type":"PUSH_ARTIFACT"}"#,
            r#"{"type":"PUSH_ARTIFACT","event_data":{"repository":{"name":"a"}}}"#,
            r#"{"type":"PUSH_ARTIFACT","event_data":{"resources":[]}}"#,
            r#"{"type":"PUSH_ARTIFACT","event_data":{"resources":[],"repository":{"name":"a"}}}"#,
            r#"{"type":"PUSH_ARTIFACT","event_data":{"resources":[{}],"repository":{"name":"a"}}}"#,
            r#"{"type":"REPLICATION","event_data":{}}"#,
            r#"{"type":"REPLICATION","event_data":{"replication":{"job_status":"Success"}}}"#,
            r#"{"type":"TAG_RETENTION","event_data":{"retention":{}}}"#,
            r#"{"specversion":"1.0","type":"harbor.artifact.pushed","event_data":{}}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        let retention = json!({"project_name": "a", "result": text});
        vec![
            ("harbor", json!({ "type": text })),
            (
                "harbor",
                json!({"type": "TAG_RETENTION", "event_data": {"retention": retention}}),
            ),
        ]
    }
}

push_notify_sdk::conformance!(proof Harbor);
push_notify_sdk::conformance!(provider Harbor:
    every_fixture_becomes_the_event_beside_it,
    what_the_host_never_sends_is_malformed,
    a_reason_stays_short_whatever_the_delivery_holds,
    the_longest_names_break_nothing,
);
