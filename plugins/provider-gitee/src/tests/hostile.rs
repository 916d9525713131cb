//! What nobody should send, and what somebody sent.

use super::{
    NOW_MS, SECRET, config, engine, fixture, malformed, receive_json, sign, unauthenticated,
    webhook,
};
use crate::{Gitee, Mode};
use push_notify_sdk::Provider;
use push_notify_sdk::testing::conformance::provider::fixtures;
use serde_json::{Value, json};
use std::{fs, path::Path};

const EVENTS: [&str; 5] = [
    "Push Hook",
    "Tag Push Hook",
    "Merge Request Hook",
    "Issue Hook",
    "Note Hook",
];

#[test]
fn any_field_may_be_null_or_missing_without_a_wrong_event() {
    for (event, name) in fixtures::<Gitee>() {
        let whole: Value = serde_json::from_slice(&fixture(&format!("{name}.json"))).unwrap();
        let as_sent = receive_json(&event, whole.to_string().as_bytes());
        for field in whole.as_object().unwrap().keys() {
            let mut null = whole.clone();
            null[field] = Value::Null;
            let mut gone = whole.clone();
            gone.as_object_mut().unwrap().remove(field);
            for body in [null, gone] {
                let result = receive_json(&event, body.to_string().as_bytes());
                let kind = |result: &Result<push_notify_sdk::Delivery, _>| {
                    result
                        .as_ref()
                        .map(|delivery| delivery.events[0].kind.clone())
                        .ok()
                };
                let same = kind(&result) == kind(&as_sent);
                assert!(
                    same || malformed(&result) || field == "action_desc",
                    "{name} {field}: {result:?}"
                );
            }
        }
    }
}

#[test]
fn the_total_is_the_larger_of_the_list_and_the_count() {
    let total = |commits: Value, count: Value| {
        let body = json!({
            "ref": "refs/heads/main", "commits": commits, "total_commits_count": count,
            "repository": {"full_name": "orchard-works/pear-ledger"},
        });
        let delivery = receive_json("Push Hook", body.to_string().as_bytes()).unwrap();
        delivery.events[0].total_commits
    };
    let two = json!([{"id": "a"}, {"id": "b"}]);
    assert_eq!(total(two.clone(), json!(13)), Some(13));
    assert_eq!(total(two.clone(), json!(0)), Some(2));
    assert_eq!(total(two, Value::Null), Some(2));
    assert_eq!(total(Value::Null, json!(13)), Some(13));
    assert_eq!(total(Value::Null, Value::Null), None);
    assert_eq!(total(Value::Null, json!(u64::MAX)), Some(u32::MAX));
}

#[test]
fn a_push_of_25_mib_keeps_the_newest_commits_and_the_true_total() {
    let mut push: Value = serde_json::from_slice(&fixture("push.branch.json")).unwrap();
    let mut commit = push["commits"][0].clone();
    commit["message"] = json!("x".repeat(12_000));
    let mut commits = vec![commit; 2048];
    commits[2047]["message"] = json!("the newest");
    push["commits"] = Value::Array(commits);
    let event = receive_json("Push Hook", push.to_string().as_bytes())
        .unwrap()
        .events
        .remove(0);
    assert_eq!(event.total_commits, Some(2048));
    let kept = event.commits;
    assert!((200..300).contains(&kept.len()), "{} commits", kept.len());
    assert_eq!(kept.last().unwrap().message, "the newest");
}

/// Real deliveries, where they are at hand: point `PUSH_NOTIFY_PAYLOADS` at their folder. None of
/// them is Gitee's, so all that is asked is that none gets in unsigned and none breaks the parser.
#[test]
fn no_recorded_delivery_breaks_the_parser() {
    let Some(folder) = std::env::var_os("PUSH_NOTIFY_PAYLOADS") else {
        return;
    };
    let folder = Path::new(&folder);
    let cases = fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let at = NOW_MS.to_string();
    let sign = sign(SECRET, &at);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["payload"].as_str().unwrap();
        let body = fs::read(folder.join(name)).unwrap();
        let recorded = case["headers"].as_object().unwrap().iter();
        let recorded: Vec<(&str, &str)> = recorded
            .map(|(name, value)| (&**name, value.as_str().unwrap()))
            .collect();
        for mode in [Mode::Sign, Mode::Password] {
            let result =
                engine(SECRET).run(|| Gitee::receive(webhook(&recorded, &body), config(mode)));
            assert!(unauthenticated(&result), "{name}: {result:?}");
        }
        for event in EVENTS.into_iter().chain(["", "Note Hook"]) {
            let result = receive_json(event, &body);
            assert!(!unauthenticated(&result), "{name}: {result:?}");
        }
        let mut signed = recorded.clone();
        signed.extend([("x-gitee-timestamp", &*at), ("x-gitee-token", &*sign)]);
        let result =
            engine(SECRET).run(|| Gitee::receive(webhook(&signed, &body), config(Mode::Sign)));
        assert!(!unauthenticated(&result), "{name}: {result:?}");
    }
}
