//! What nobody should send, and what somebody sent.

use super::{
    SECRET, fixture, malformed, receive, receive_with, signature, unauthenticated, webhook,
};
use push_notify_sdk::Rejection;
use serde_json::Value;
use std::{fs, path::Path};

#[test]
fn a_form_without_a_sound_payload_is_malformed() {
    for form in [
        "",
        "other=1",
        "payload",
        "payload=",
        "payload=%7B%",
        "payload=%zz%7",
    ] {
        let result = receive("push", "application/x-www-form-urlencoded", form.as_bytes());
        assert!(malformed(&result), "{form}: {result:?}");
    }
}

#[test]
fn a_delivery_without_an_event_is_malformed() {
    let body = fixture("push.branch.json");
    let signature = signature(SECRET, &body);
    let without_event = webhook(&[("x-hub-signature-256", &signature)], &body);
    assert!(malformed(&receive_with(SECRET, without_event)));
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
        let mut headers: Vec<(String, String)> = case["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap().to_owned()))
            .collect();
        let own = case["provider"] == "github";
        let deliver = |headers: &[(String, String)], body: &[u8]| {
            let headers: Vec<(&str, &str)> = headers
                .iter()
                .map(|(name, value)| (&**name, &**value))
                .collect();
            receive_with(secret, webhook(&headers, body))
        };
        let as_recorded = deliver(&headers, &body);
        if own && case["sig_verifies"] == true {
            assert!(!unauthenticated(&as_recorded), "{name}: {as_recorded:?}");
        }
        // The recordings may lack the newer signature: give them one, whoever sent them.
        headers.retain(|(name, _)| name != "x-hub-signature-256");
        headers.push(("x-hub-signature-256".to_owned(), signature(secret, &body)));
        if !headers.iter().any(|(name, _)| name == "x-github-event") {
            headers.push(("x-github-event".to_owned(), "push".to_owned()));
        }
        match deliver(&headers, &body) {
            Ok(_) => accepted += usize::from(own),
            Err(Rejection::Ignored(_)) => ignored += usize::from(own),
            Err(problem) => assert!(!own, "{name}: {problem:?}"),
        }
        let altered = [&body[..], b" "].concat();
        assert!(unauthenticated(&deliver(&headers, &altered)), "{name}");
    }
    assert!(
        accepted >= 10 && ignored >= 20,
        "{accepted} accepted, {ignored} ignored"
    );
}
