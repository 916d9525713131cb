//! What nobody should send, and what somebody sent.

use super::{
    SECRET, fixture, malformed, receive, receive_json, receive_with, signature, unauthenticated,
    webhook,
};
use push_notify_sdk::{Commit, Delivery, Rejection};
use serde_json::{Value, json};
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
fn what_github_never_sends_is_malformed() {
    let bodies: [&[u8]; 9] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"{}",
        b"{\"ref\":7}",
        b"{\"ref\":\"refs/heads/main\"}",
        b"\xff\xfe",
    ];
    for body in bodies {
        for event in ["push", "pull_request", "create", "delete"] {
            let result = receive_json(event, body);
            assert!(malformed(&result), "{event} {body:?}: {result:?}");
        }
    }
    for event in ["ping", "star"] {
        assert!(malformed(&receive_json(event, b"{")), "{event}");
    }
    let body = fixture("push.branch.json");
    let signature = signature(SECRET, &body);
    let without_event = webhook(&[("x-hub-signature-256", &signature)], &body);
    assert!(malformed(&receive_with(SECRET, without_event)));
    let deep = "[".repeat(1_000_000);
    assert!(malformed(&receive_json("push", deep.as_bytes())));
}

#[test]
fn a_reason_stays_short_whatever_the_delivery_holds() {
    let long = "長".repeat(100_000);
    let reason = |event: &str, body: &Value| match receive_json(event, body.to_string().as_bytes())
    {
        Err(Rejection::Malformed(reason) | Rejection::Ignored(reason)) => reason,
        other => panic!("{other:?}"),
    };
    let request = json!({"action": long, "pull_request": {"number": 1, "head": {"ref": "a"}, "base": {"ref": "b"}}});
    for reason in [
        reason(&long, &json!({})),
        reason("push", &json!({"ref": long})),
        reason("push", &json!({"ref": "refs/heads/x", "created": long})),
        reason("create", &json!({"ref": "x", "ref_type": long})),
        reason("pull_request", &request),
    ] {
        assert!(
            reason.chars().count() < 250,
            "{} characters",
            reason.chars().count()
        );
    }
}

/// What the engine counts of an event; it refuses more than 4 MiB.
fn weight(delivery: &Delivery) -> usize {
    let commits = delivery.event.commits.iter();
    let paths = |commit: &Commit| -> usize {
        let lists = [&commit.added, &commit.modified, &commit.removed];
        lists
            .into_iter()
            .flatten()
            .map(|path| path.len() + 64)
            .sum()
    };
    let weight = |commit: &Commit| commit.message.len() + paths(commit) + 64;
    commits.map(weight).sum()
}

#[test]
fn a_push_of_25_mib_keeps_the_newest_commits_and_the_true_total() {
    let mut push: Value = serde_json::from_slice(&fixture("push.branch.json")).unwrap();
    let mut commit = push["commits"][0].clone();
    commit["message"] = json!("x".repeat(12_000));
    let mut commits = vec![commit; 2048];
    commits[2047]["message"] = json!("the newest");
    push["commits"] = Value::Array(commits);
    let delivery = receive_json("push", push.to_string().as_bytes()).unwrap();
    assert_eq!(delivery.event.total_commits, Some(2048));
    let kept = &delivery.event.commits;
    assert!((200..300).contains(&kept.len()), "{} commits", kept.len());
    assert_eq!(kept.last().unwrap().message, "the newest");
    assert!(weight(&delivery) < 4 << 20);
}

#[test]
fn a_huge_commit_is_shortened() {
    let mut push: Value = serde_json::from_slice(&fixture("push.branch.json")).unwrap();
    let mut commit = push["commits"][0].clone();
    commit["message"] = json!("長".repeat(1 << 20));
    for list in ["added", "modified", "removed"] {
        commit[list] = json!(vec!["p".repeat(4000); 3000]);
    }
    push["commits"] = json!([commit]);
    let delivery = receive_json("push", push.to_string().as_bytes()).unwrap();
    let kept = &delivery.event.commits[0];
    assert!(kept.message.ends_with(" bytes left out)") && kept.message.len() < 20_000);
    assert!(kept.added.len() > 100 && kept.removed.len() > 100);
    assert!(weight(&delivery) < 4 << 20);
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
        accepted >= 2 && ignored >= 40,
        "{accepted} accepted, {ignored} ignored"
    );
}
