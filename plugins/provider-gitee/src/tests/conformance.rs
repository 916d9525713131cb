//! What every provider keeps, by either proof.

use super::{NOW_MS, sign};
use crate::{Config, Gitee};
use push_notify_sdk::{
    Delivery, Provider, Rejection, Webhook, crypto,
    http::Response,
    testing::{
        Host,
        conformance::{ForgeRow, ProviderRow, Sent, provider::PLACEHOLDER},
        json_response,
    },
};
use serde_json::{Value, json};

/// With a signature, which is of the time alone.
impl ProviderRow for Gitee {
    const ID: &'static str = "gitee";
    const FIXTURES: &'static str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    const EVENTS: &'static [&'static str] = &[
        "Push Hook",
        "Tag Push Hook",
        "Merge Request Hook",
        "Issue Hook",
        "Note Hook",
    ];
    const SIGNS_BODY: bool = false;
    const NOW_MS: u64 = NOW_MS;

    fn event(fixture: &str) -> String {
        match fixture {
            "push" => "Push Hook",
            "tag_push" => "Tag Push Hook",
            "merge_request" => "Merge Request Hook",
            "note" => "Note Hook",
            "issue" => "Issue Hook",
            other => panic!("no header for {other}"),
        }
        .to_owned()
    }

    fn named(event: &str) -> (&'static str, String) {
        ("x-gitee-event", event.to_owned())
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        let at = NOW_MS.to_string();
        vec![
            ("x-gitee-token", sign(sent.secret, &at)),
            ("x-gitee-timestamp", at),
        ]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        vec![vec![("x-gitee-token", "")]]
    }

    fn strange() -> Vec<&'static str> {
        vec![
            r#"{"ref":7,"action":7}"#,
            r#"{"ref":"refs/heads/main","action":"open"}"#,
            r#"{"ref":"","action":"","repository":{"full_name":"a/b"}}"#,
        ]
    }

    fn quoting(text: &str) -> Vec<(&'static str, Value)> {
        let update = json!({"action": "update", "action_desc": text});
        vec![
            ("", json!({ "hook_name": text })),
            ("Push Hook", json!({"ref": "refs/heads/x", "created": text})),
            ("Merge Request Hook", json!({ "action": text })),
            ("Merge Request Hook", update),
            (
                "Issue Hook",
                json!({"action": text, "issue": {"number": "I1"}}),
            ),
            (
                "Issue Hook",
                json!({"action": "state_change", "state": text, "issue": {"number": "I1"}}),
            ),
            (
                "Note Hook",
                json!({"action": text, "comment": {}, "noteable_type": "Issue"}),
            ),
            (
                "Note Hook",
                json!({
                    "action": "comment", "comment": {}, "noteable_type": text,
                    "repository": {"full_name": "a/b"},
                }),
            ),
        ]
    }
}

/// With the secret as password.
struct ByPassword;

impl Provider for ByPassword {
    type Config = Config;

    fn receive(webhook: Webhook, config: Config) -> Result<Delivery, Rejection> {
        Gitee::receive(webhook, config)
    }
}

impl ProviderRow for ByPassword {
    const ID: &'static str = Gitee::ID;
    const FIXTURES: &'static str = Gitee::FIXTURES;
    const EVENTS: &'static [&'static str] = Gitee::EVENTS;
    const SIGNS_BODY: bool = false;
    const NOW_MS: u64 = NOW_MS;

    fn config() -> Value {
        let url = "https://gitee.com/orchard-works/pear-ledger";
        json!({"url": url, "webhook_secret": PLACEHOLDER, "signature": "password"})
    }

    fn named(event: &str) -> (&'static str, String) {
        Gitee::named(event)
    }

    fn proof(sent: &Sent<'_>) -> Vec<(&'static str, String)> {
        vec![("x-gitee-token", sent.secret.to_owned())]
    }

    fn no_proofs() -> Vec<Vec<(&'static str, &'static str)>> {
        Gitee::no_proofs()
    }
}

impl ForgeRow for Gitee {
    const URL: &'static str = "https://gitee.com/orchard-works/pear-ledger";
    const ROOT: &'static str = "https://gitee.com/api/v5/repos/orchard-works/pear-ledger";
    const TOKEN_HEADER: (&'static str, &'static str) = ("authorization", "token token-placeholder");
    const FILE: &'static str = "/contents/src/a%20b.rs?ref=HEAD";

    fn answer(content: &[u8]) -> Response {
        let content = Host::new().run(|| crypto::base64(content));
        json_response(
            200,
            &json!({"type": "file", "encoding": "base64", "content": content}),
        )
    }
}

push_notify_sdk::conformance!(provider Gitee);

mod by_password {
    use super::ByPassword;

    push_notify_sdk::conformance!(proof ByPassword);
}

mod forge {
    use crate::Gitee;

    push_notify_sdk::conformance!(forge Gitee);
}
