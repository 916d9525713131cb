//! What nobody should send, and what somebody sent.

use super::{
    SECRET, fixture, malformed, receive_json, receive_with, signature, unauthenticated, webhook,
};
use push_notify_sdk::Rejection;
use serde_json::Value;
use std::{fs, path::Path};

#[test]
fn a_delivery_without_an_event_is_malformed() {
    let body = fixture("push.branch.json");
    let signature = signature(SECRET, &body);
    let without_event = webhook(&[("x-gitea-signature", &signature)], &body);
    assert!(malformed(&receive_with(SECRET, without_event)));
}

#[test]
fn each_part_that_an_event_needs_is_asked_for() {
    let whole: Value = serde_json::from_slice(&fixture("pull_request.opened.json")).unwrap();
    let deliver = |payload: &Value| receive_json("pull_request", payload.to_string().as_bytes());
    assert!(deliver(&whole).is_ok());
    for path in [
        "/action",
        "/repository",
        "/repository/full_name",
        "/pull_request",
        "/pull_request/head",
        "/pull_request/base",
    ] {
        let mut payload = whole.clone();
        *payload.pointer_mut(path).unwrap() = Value::Null;
        let result = deliver(&payload);
        assert!(malformed(&result), "{path}: {result:?}");
    }
    let mut payload = whole.clone();
    payload["pull_request"]["number"] = Value::Null;
    let event = deliver(&payload).unwrap().events.remove(0);
    assert_eq!(event.merge_request.unwrap().number, 42);
    payload["number"] = Value::Null;
    assert!(malformed(&deliver(&payload)));
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
        let own = case["provider"] == "gitea";
        // What others recorded is signed as a push and a pull request of ours.
        let sent = case["headers"].as_object().unwrap();
        let foreign = ["push", "pull_request", "create", "delete"];
        let names = if own { &foreign[..1] } else { &foreign[..] };
        for event in names {
            let signature = signature(secret, &body);
            let mut headers: Vec<(&str, &str)> =
                vec![("x-gitea-event", event), ("x-gitea-signature", &signature)];
            if own {
                headers = sent
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
                    .collect();
            }
            match receive_with(secret, webhook(&headers, &body)) {
                Ok(_) => accepted += usize::from(own),
                Err(Rejection::Ignored(_)) => ignored += usize::from(own),
                Err(problem) => assert!(!own, "{name}: {problem:?}"),
            }
            let altered = [&body[..], b" "].concat();
            let result = receive_with(secret, webhook(&headers, &altered));
            assert!(unauthenticated(&result), "{name}");
        }
    }
    assert!(
        accepted >= 10 && ignored >= 4,
        "{accepted} accepted, {ignored} ignored"
    );
}
