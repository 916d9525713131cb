//! What nobody should send, and what somebody sent.

use super::{SECRET, fixture, malformed, receive, receive_with, unauthenticated, webhook};
use push_notify_sdk::Rejection;
use serde_json::Value;
use std::{fs, path::Path};

#[test]
fn a_merge_request_without_what_matters_is_malformed() {
    let sound: Value = serde_json::from_slice(&fixture("merge_request.opened.json")).unwrap();
    let without = |path: &str| {
        let mut body = sound.clone();
        *body.pointer_mut(path).unwrap() = Value::Null;
        receive("Merge Request Hook", body.to_string().as_bytes())
    };
    for path in [
        "/object_attributes",
        "/object_attributes/iid",
        "/object_attributes/source_branch",
        "/object_attributes/target_branch",
        "/project",
        "/project/path_with_namespace",
    ] {
        assert!(malformed(&without(path)), "{path}");
    }
    for path in [
        "/user",
        "/changes",
        "/object_attributes/title",
        "/object_attributes/state",
        "/object_attributes/url",
        "/object_attributes/draft",
        "/object_attributes/author_id",
        "/object_attributes/last_commit",
        "/object_attributes/last_commit/id",
        "/project/visibility_level",
    ] {
        assert!(without(path).is_ok(), "{path}");
    }
}

/// Real deliveries, where they are at hand: point `PUSH_NOTIFY_PAYLOADS` at their folder.
#[test]
fn no_recorded_delivery_breaks_the_parser() {
    let Some(folder) = std::env::var_os("PUSH_NOTIFY_PAYLOADS") else {
        return;
    };
    let folder = Path::new(&folder);
    let cases = fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let (mut accepted, mut ignored) = (0, 0);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["payload"].as_str().unwrap();
        let body = fs::read(folder.join(name)).unwrap();
        let secret = case["secret"].as_str().unwrap_or(SECRET);
        let mut headers: Vec<(&str, &str)> = case["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (&**name, value.as_str().unwrap()))
            .filter(|(name, _)| !name.eq_ignore_ascii_case("x-gitlab-token"))
            .collect();
        let own = case["provider"] == "gitlab";
        assert!(
            unauthenticated(&receive_with(secret, webhook(&headers, &body))),
            "{name}"
        );
        headers.push(("x-gitlab-token", secret));
        match receive_with(secret, webhook(&headers, &body)) {
            Ok(_) => accepted += usize::from(own),
            Err(Rejection::Ignored(_)) => ignored += usize::from(own),
            Err(problem) => assert!(!own, "{name}: {problem:?}"),
        }
    }
    assert!(
        accepted >= 10 && ignored >= 5,
        "{accepted} accepted, {ignored} ignored"
    );
}
