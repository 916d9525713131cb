//! What every provider keeps.

use super::signature;
use crate::Github;
use push_notify_sdk::testing::conformance::{ForgeRow, ProviderRow, Sent};
use serde_json::{Value, json};

impl ProviderRow for Github {
    const ID: &'static str = "github";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const EVENTS: &'static [&'static str] = &["push", "pull_request", "create", "delete"];

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
        ]
    }
}

impl ForgeRow for Github {
    const URL: &'static str = "https://github.com/orchard-works/pear-ledger";
    const ROOT: &'static str = "https://api.github.com/repos/orchard-works/pear-ledger";
    const TOKEN_HEADER: (&'static str, &'static str) =
        ("authorization", "Bearer token-placeholder");
    const FILE: &'static str = "/contents/src/a%20b.rs";
}

push_notify_sdk::conformance!(provider Github);

mod forge {
    use crate::Github;

    push_notify_sdk::conformance!(forge Github);
}
