//! What every provider keeps.

use super::signature;
use crate::Gitea;
use push_notify_sdk::testing::conformance::{ForgeRow, ProviderRow, Sent};
use serde_json::{Value, json};

impl ProviderRow for Gitea {
    const ID: &'static str = "gitea";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const EVENTS: &'static [&'static str] = &[
        "push",
        "pull_request",
        "pull_request_sync",
        "pull_request_approved",
        "pull_request_rejected",
        "pull_request_comment",
        "create",
        "delete",
        "workflow_run",
        "status",
        "release",
        "issues",
        "issue_comment",
    ];

    fn named(event: &str) -> (&'static str, String) {
        ("x-gitea-event", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        vec![("x-gitea-signature", signature(sent.secret, sent.payload))]
    }

    /// As a hook without a secret sends them.
    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![
            ("x-gitea-signature", ""),
            ("x-hub-signature-256", "sha256="),
        ]]
    }

    fn strange() -> Vec<&'static str> {
        vec![r#"{"ref":7}"#, r#"{"ref":"refs/heads/main"}"#]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        vec![
            (
                "push",
                json!({"ref": "refs/heads/x", "total_commits": text}),
            ),
            ("create", json!({"ref": "x", "ref_type": text})),
            ("delete", json!({"ref": "x", "ref_type": text})),
            ("pull_request", json!({"action": text, "pull_request": {}})),
            (
                "pull_request_comment",
                json!({"pull_request": {}, "review": {"type": text}}),
            ),
            (
                "workflow_run",
                json!({"action": text, "workflow_run": {"id": 1}}),
            ),
            ("status", json!({"id": 1, "sha": "a", "state": text})),
            ("release", json!({"action": text, "release": {}})),
            ("issues", json!({"action": text, "issue": {"number": 1}})),
            (
                "issue_comment",
                json!({"action": text, "issue": {"number": 1}, "comment": {}}),
            ),
        ]
    }

    /// The newest comes first.
    fn push_of(mut commits: Vec<Value>) -> Value {
        commits.reverse();
        json!({
            "ref": "refs/heads/main", "commits": commits,
            "repository": {"full_name": "orchard-works/pear-ledger"},
        })
    }
}

impl ForgeRow for Gitea {
    const URL: &'static str = "https://git.example.com/orchard-works/pear-ledger";
    const ROOT: &'static str = "https://git.example.com/api/v1/repos/orchard-works/pear-ledger";
    const TOKEN_HEADER: (&'static str, &'static str) = ("authorization", "token token-placeholder");
    const FILE: &'static str = "/raw/src/a%20b.rs?ref=HEAD";
}

push_notify_sdk::conformance!(provider Gitea);

mod forge {
    use crate::Gitea;

    push_notify_sdk::conformance!(forge Gitea);
}
