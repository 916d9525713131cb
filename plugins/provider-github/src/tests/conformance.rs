//! What every provider keeps.

use super::signature;
use crate::Github;
use push_notify_sdk::testing::conformance::{ForgeRow, ProviderRow, Sent};
use serde_json::{Value, json};

impl ProviderRow for Github {
    const ID: &'static str = "github";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const EVENTS: &'static [&'static str] = &[
        "push",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "create",
        "delete",
        "workflow_run",
        "check_run",
        "status",
        "deployment_status",
        "release",
        "issues",
        "issue_comment",
        "commit_comment",
    ];

    fn named(event: &str) -> (&'static str, String) {
        ("x-github-event", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        vec![("x-hub-signature-256", signature(sent.secret, sent.body))]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        let empty = ["", "sha256="];
        empty
            .map(|value| vec![("x-hub-signature-256", value)])
            .into()
    }

    fn strange() -> Vec<&'static str> {
        vec![r#"{"ref":7}"#, r#"{"ref":"refs/heads/main"}"#]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        let request = json!({"number": 1, "head": {"ref": "a"}, "base": {"ref": "b"}});
        vec![
            ("push", json!({"ref": "refs/heads/x", "created": text})),
            ("create", json!({"ref": "x", "ref_type": text})),
            (
                "pull_request",
                json!({"action": text, "pull_request": request}),
            ),
            (
                "pull_request_review",
                json!({"action": text, "pull_request": request, "review": {}}),
            ),
            (
                "pull_request_review_comment",
                json!({"action": text, "pull_request": request, "comment": {}}),
            ),
            ("commit_comment", json!({"action": text, "comment": {}})),
            (
                "workflow_run",
                json!({"action": text, "workflow_run": {"id": 1}}),
            ),
            (
                "workflow_run",
                json!({"action": "completed", "workflow_run": {"id": 1, "conclusion": text}}),
            ),
            (
                "check_run",
                json!({"action": "created", "check_run": {"id": 1, "status": text}}),
            ),
            ("status", json!({"id": 1, "sha": "a", "state": text})),
            (
                "deployment_status",
                json!({"deployment_status": {"state": text}, "deployment": {"id": 1}}),
            ),
            ("release", json!({"action": text, "release": {}})),
            ("issues", json!({"action": text, "issue": {"number": 1}})),
            (
                "issue_comment",
                json!({"action": text, "issue": {"number": 1}, "comment": {}}),
            ),
        ]
    }
}

impl ForgeRow for Github {
    const URL: &'static str = "https://github.com/orchard-works/pear-ledger";
    const ROOT: &'static str = "https://api.github.com/repos/orchard-works/pear-ledger";
    const TOKEN_HEADER: (&'static str, &'static str) =
        ("authorization", "Bearer token-placeholder");
    const FILE: &'static str = "/contents/src/a%20b.rs?ref=HEAD";
}

push_notify_sdk::conformance!(provider Github);

mod forge {
    use crate::Github;

    push_notify_sdk::conformance!(forge Github);
}
