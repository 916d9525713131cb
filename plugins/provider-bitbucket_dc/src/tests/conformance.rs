//! What every provider keeps. A commit has no lists of files here.

use crate::BitbucketDc;
use push_notify_sdk::{
    crypto,
    testing::conformance::{ProviderRow, Sent},
};
use serde_json::{Value, json};

impl ProviderRow for BitbucketDc {
    const ID: &'static str = "bitbucket_dc";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const PUSH: &'static str = "repo-refs_changed.branch";
    const EVENTS: &'static [&'static str] = &[
        "repo:refs_changed",
        "pr:opened",
        "pr:from_ref_updated",
        "pr:modified",
        "pr:reviewer:updated",
        "pr:reviewer:approved",
        "pr:reviewer:needs_work",
        "pr:reviewer:changes_requested",
        "pr:merged",
        "pr:declined",
        "pr:deleted",
        "pr:comment:added",
        "pr:comment:edited",
        "pr:comment:deleted",
        "repo:comment:added",
        "repo:comment:edited",
        "repo:comment:deleted",
    ];
    const FORMS: bool = false;

    /// `repo:refs_changed` is no name of a file.
    fn event(fixture: &str) -> String {
        fixture.replace('-', ":")
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
            r#"{"changes":{},"repository":{"slug":"b","project":{"key":"A"}}}"#,
            r#"{"changes":[{}],"repository":{"slug":"b","project":{"key":"A"}}}"#,
            r#"{"changes":[{"refId":"refs/heads/a"}],"repository":{"slug":"b"}}"#,
            r#"{"pullRequest":{"id":1},"comment":{"id":1},"commit":""}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        vec![("pr:opened", json!({ "pullRequest": text }))]
    }

    /// The newest comes first.
    fn push_of(mut commits: Vec<Value>) -> Value {
        commits.reverse();
        json!({
            "changes": [{"refId": "refs/heads/main", "type": "UPDATE"}], "commits": commits,
            "repository": {"slug": "pear-ledger", "project": {"key": "ORCH"}},
        })
    }
}

push_notify_sdk::conformance!(proof BitbucketDc);
push_notify_sdk::conformance!(provider BitbucketDc:
    every_fixture_becomes_the_event_beside_it,
    what_the_host_never_sends_is_malformed,
    what_nobody_is_told_of_is_ignored,
    a_reason_stays_short_whatever_the_delivery_holds,
    the_longest_names_break_nothing,
);
