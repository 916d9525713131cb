//! What every provider keeps, by either proof.

use super::{NOW_S, signature::signature};
use crate::Gitlab;
use push_notify_sdk::{
    Delivery, Provider, Rejection, Webhook,
    forge::Config,
    testing::conformance::{ForgeRow, ProviderRow, Sent},
};
use serde_json::{Value, json};

/// With the secret as token.
impl ProviderRow for Gitlab {
    const ID: &'static str = "gitlab";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const EVENTS: &'static [&'static str] = &[
        "Push Hook",
        "Tag Push Hook",
        "Merge Request Hook",
        "Note Hook",
        "Issue Hook",
        "Release Hook",
        "Pipeline Hook",
        "Deployment Hook",
    ];
    const FORMS: bool = false;
    const SIGNS_BODY: bool = false;

    fn event(fixture: &str) -> String {
        match fixture {
            "push" => "Push Hook",
            "tag_push" => "Tag Push Hook",
            "merge_request" => "Merge Request Hook",
            "system" => "System Hook",
            "note" => "Note Hook",
            "pipeline" => "Pipeline Hook",
            "issue" => "Issue Hook",
            "release" => "Release Hook",
            "build" => "Job Hook",
            "deployment" => "Deployment Hook",
            other => panic!("no header for {other}"),
        }
        .to_owned()
    }

    fn named(event: &str) -> (&'static str, String) {
        ("x-gitlab-event", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        vec![("x-gitlab-token", sent.secret.to_owned())]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![("x-gitlab-token", ""), ("webhook-signature", "")]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"object_kind":7}"#,
            r#"{"object_kind":"push"}"#,
            r#"{"object_kind":"push","ref":7}"#,
            r#"{"object_kind":"push","ref":"refs/heads/main"}"#,
            r#"{"object_kind":"push","object_kind":"push"}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        let push = |field: &str| json!({"object_kind": "push", field: text});
        let action = json!({"action": text});
        vec![
            ("", json!({ "object_kind": text })),
            ("", json!({ "event_name": text })),
            ("", push("ref")),
            ("", push("total_commits_count")),
            (
                "",
                json!({"object_kind": "merge_request", "object_attributes": action}),
            ),
            (
                "",
                json!({"object_kind": "issue", "object_attributes": action}),
            ),
            (
                "",
                json!({"object_kind": "note", "object_attributes": {"action": text, "noteable_type": "Issue"}}),
            ),
            ("", json!({"object_kind": "release", "action": text})),
            (
                "",
                json!({
                    "object_kind": "pipeline", "object_attributes": {"id": 1, "status": text},
                    "project": {"path_with_namespace": "a/b"},
                }),
            ),
            (
                "",
                json!({
                    "object_kind": "deployment", "deployment_id": 1, "status": text,
                    "environment": "e", "project": {"path_with_namespace": "a/b"},
                }),
            ),
        ]
    }

    fn push_of(commits: Vec<Value>) -> Value {
        json!({
            "object_kind": "push", "ref": "refs/heads/main", "commits": commits,
            "project": {"path_with_namespace": "orchard-works/pear-ledger"},
        })
    }
}

/// With a signature.
struct Signed;

impl Provider for Signed {
    type Config = Config;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        Gitlab::receive(webhook, config)
    }
}

impl ProviderRow for Signed {
    const ID: &'static str = Gitlab::ID;
    const FIXTURES: &'static str = Gitlab::FIXTURES;
    const EVENTS: &'static [&'static str] = Gitlab::EVENTS;
    const NOW_MS: u64 = NOW_S * 1000;

    fn named(event: &str) -> (&'static str, String) {
        Gitlab::named(event)
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        let now = NOW_S.to_string();
        vec![
            (
                "webhook-signature",
                signature(sent.secret, "msg-1", &now, sent.body),
            ),
            ("webhook-id", "msg-1".to_owned()),
            ("webhook-timestamp", now),
        ]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        Gitlab::no_proofs()
    }
}

impl ForgeRow for Gitlab {
    const URL: &'static str = "git@git.example.com:orchard-works/pear-ledger.git";
    const ROOT: &'static str =
        "https://git.example.com/api/v4/projects/orchard-works%2Fpear-ledger";
    const TOKEN_HEADER: (&'static str, &'static str) = ("private-token", "token-placeholder");
    const FILE: &'static str = "/repository/files/src%2Fa%20b.rs/raw?ref=HEAD";
}

push_notify_sdk::conformance!(provider Gitlab);

mod signed {
    use super::Signed;

    push_notify_sdk::conformance!(proof Signed);
}

mod forge {
    use crate::Gitlab;

    push_notify_sdk::conformance!(forge Gitlab);
}
