//! What every provider keeps, as far as it is not about pushes, by either proof.

use super::{NOW_S, proof::signature};
use crate::Alertmanager;
use push_notify_sdk::{
    Delivery, Provider, Rejection, Webhook,
    forge::Config,
    testing::conformance::{ProviderRow, Sent, provider},
};

/// With the secret as a bearer token.
impl ProviderRow for Alertmanager {
    const ID: &'static str = "alertmanager";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "alertmanager.firing";
    const EVENTS: &'static [&'static str] = &["alertmanager"];
    const FORMS: bool = false;
    const SIGNS_BODY: bool = false;

    fn named(event: &str) -> (&'static str, String) {
        ("user-agent", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        vec![("authorization", format!("Bearer {}", sent.secret))]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![
            ("authorization", ""),
            ("x-grafana-alerting-signature", ""),
        ]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"alerts":7,"status":"firing","groupKey":"a"}"#,
            r#"{"alerts":[7],"status":"firing","groupKey":"a"}"#,
            r#"{"alerts":[{"labels":[]}],"status":"firing","groupKey":"a"}"#,
            r#"{"alerts":[],"status":"firing"}"#,
            r#"{"alerts":[],"groupKey":"a"}"#,
            r#"{"status":"firing","groupKey":"a"}"#,
        ]
    }
}

/// With a signature.
struct Signed;

impl Provider for Signed {
    type Config = Config;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        Alertmanager::receive(webhook, config)
    }
}

impl ProviderRow for Signed {
    const ID: &'static str = Alertmanager::ID;
    const FIXTURES: &'static str = Alertmanager::FIXTURES;
    const PUSH: &'static str = Alertmanager::PUSH;
    const EVENTS: &'static [&'static str] = Alertmanager::EVENTS;
    const NOW_MS: u64 = NOW_S * 1000;

    fn named(event: &str) -> (&'static str, String) {
        Alertmanager::named(event)
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        let now = NOW_S.to_string();
        vec![
            (
                "x-grafana-alerting-signature",
                signature(sent.secret, Some(&now), sent.body),
            ),
            ("x-grafana-alerting-timestamp", now),
        ]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        Alertmanager::no_proofs()
    }
}

push_notify_sdk::conformance!(proof Alertmanager);

mod signed {
    use super::Signed;

    push_notify_sdk::conformance!(proof Signed);
}

#[test]
fn every_fixture_becomes_the_event_beside_it() {
    provider::every_fixture_becomes_the_event_beside_it::<Alertmanager>();
}

#[test]
fn what_the_host_never_sends_is_malformed() {
    provider::what_the_host_never_sends_is_malformed::<Alertmanager>();
}
