//! What every provider keeps. A commit has no lists of files here.

use crate::Bitbucket;
use push_notify_sdk::{
    crypto,
    testing::conformance::{ForgeRow, ProviderRow, Sent},
};
use serde_json::{Value, json};

impl ProviderRow for Bitbucket {
    const ID: &'static str = "bitbucket";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "repo_push.branch";
    const EVENTS: &'static [&'static str] = &[
        "repo:push",
        "pullrequest:created",
        "pullrequest:updated",
        "pullrequest:approved",
        "pullrequest:changes_request_created",
        "pullrequest:fulfilled",
        "pullrequest:rejected",
        "pullrequest:comment_created",
        "pullrequest:comment_updated",
        "pullrequest:comment_deleted",
        "pullrequest:comment_resolved",
        "repo:commit_comment_created",
        "repo:commit_status_created",
        "repo:commit_status_updated",
        "issue:created",
        "issue:updated",
        "issue:comment_created",
    ];
    const FORMS: bool = false;

    /// `repo:push` is no name of a file.
    fn event(fixture: &str) -> String {
        fixture.replacen('_', ":", 1)
    }

    fn named(event: &str) -> (&'static str, String) {
        ("x-event-key", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        let mac = crypto::hex(crypto::hmac_sha256(sent.secret, sent.body));
        vec![("x-hub-signature", format!("sha256={mac}"))]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![
            vec![("x-hub-signature", "")],
            vec![("x-hub-signature", "sha256=")],
        ]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"push":{"changes":{}},"repository":{"full_name":"a/b"}}"#,
            r#"{"push":{"changes":[{}]},"repository":{"full_name":"a/b"}}"#,
            r#"{"push":{"changes":[{"new":{"type":"branch"}}]},"repository":{"full_name":"a/b"}}"#,
            r#"{"pullrequest":{"id":1},"comment":{"id":1},"issue":{},"commit_status":{}}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        vec![
            (
                "repo:commit_status_created",
                json!({"commit_status": {"key": "a", "state": text}}),
            ),
            ("issue:created", json!({ "issue": text })),
        ]
    }

    /// The newest comes first.
    fn push_of(commits: Vec<Value>) -> Value {
        let as_sent = |mut commit: Value| {
            commit["hash"] = commit["id"].take();
            commit["author"] = json!({"raw": commit["author"]["name"]});
            commit
        };
        let commits: Vec<Value> = commits.into_iter().rev().map(as_sent).collect();
        let new = json!({"type": "branch", "name": "main", "target": {"hash": "cccc"}});
        json!({
            "push": {"changes": [{"new": new, "old": new, "commits": commits}]},
            "repository": {"full_name": "orchard-works/pear-ledger"},
        })
    }
}

impl ForgeRow for Bitbucket {
    const URL: &'static str = "https://bitbucket.org/orchard-works/pear-ledger";
    const ROOT: &'static str =
        "https://api.bitbucket.org/2.0/repositories/orchard-works/pear-ledger";
    const TOKEN_HEADER: (&'static str, &'static str) =
        ("authorization", "Bearer token-placeholder");
    const FILE: &'static str = "/src/HEAD/src/a%20b.rs";
}

push_notify_sdk::conformance!(proof Bitbucket);
push_notify_sdk::conformance!(provider Bitbucket:
    every_fixture_becomes_the_event_beside_it,
    what_the_host_never_sends_is_malformed,
    what_nobody_is_told_of_is_ignored,
    a_reason_stays_short_whatever_the_delivery_holds,
    the_longest_names_break_nothing,
);

mod forge {
    use crate::Bitbucket;

    push_notify_sdk::conformance!(forge Bitbucket);
}
