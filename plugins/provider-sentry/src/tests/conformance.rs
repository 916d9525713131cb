//! What every provider keeps, as far as it is not about pushes.

use crate::Sentry;
use push_notify_sdk::{
    crypto,
    testing::conformance::{ProviderRow, Sent},
};
use serde_json::{Value, json};

impl ProviderRow for Sentry {
    const ID: &'static str = "sentry";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "event_alert.triggered";
    const EVENTS: &'static [&'static str] = &[
        "event_alert",
        "error",
        "issue",
        "metric_alert",
        "comment",
        "",
    ];
    const FORMS: bool = false;

    /// The plugin names none.
    fn event(fixture: &str) -> String {
        match fixture {
            "legacy" => String::new(),
            resource => resource.to_owned(),
        }
    }

    fn named(event: &str) -> (&'static str, String) {
        ("sentry-hook-resource", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        let mac = crypto::hex(crypto::hmac_sha256(sent.secret, sent.body));
        vec![("sentry-hook-signature", mac)]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![("sentry-hook-signature", "")]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"data":7}"#,
            r#"{"action":7,"id":{}}"#,
            r#"{"data":{"issue":{"id":"1"}},"event":[]}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        let resources = ["event_alert", "error", "issue", "metric_alert", "comment"];
        resources
            .map(|resource| (resource, json!({"action": text, "data": {}})))
            .into()
    }
}

push_notify_sdk::conformance!(proof Sentry);
push_notify_sdk::conformance!(provider Sentry:
    every_fixture_becomes_the_event_beside_it,
    what_the_host_never_sends_is_malformed,
    what_nobody_is_told_of_is_ignored,
    a_reason_stays_short_whatever_the_delivery_holds,
    the_longest_names_break_nothing,
);
