//! Lists and strings that are longer than the plugin may hold.

use super::{fixture, malformed, receive};
use push_notify_sdk::{Commit, Delivery};
use serde_json::{Value, json};

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

fn push(commits: Value, total: u32) -> Delivery {
    let mut push: Value = serde_json::from_slice(&fixture("push.branch.json")).unwrap();
    push["commits"] = commits;
    push["total_commits_count"] = json!(total);
    receive("Push Hook", push.to_string().as_bytes()).unwrap()
}

#[test]
fn a_push_of_many_large_commits_keeps_the_newest_and_the_true_total() {
    let mut commits = vec![json!({"id": "a", "message": "x".repeat(12_000)}); 2048];
    commits[2047]["message"] = json!("the newest");
    let delivery = push(Value::Array(commits), 5000);
    assert_eq!(delivery.event.total_commits, Some(5000));
    let kept = &delivery.event.commits;
    assert!((200..300).contains(&kept.len()), "{} commits", kept.len());
    assert_eq!(kept.last().unwrap().message, "the newest");
    assert!(weight(&delivery) < 4 << 20);
}

#[test]
fn a_huge_commit_is_shortened() {
    let paths = json!(vec!["p".repeat(4000); 3000]);
    let message = "長".repeat(1 << 20);
    let delivery = push(
        json!([{"id": "a", "message": message, "added": paths, "removed": paths}]),
        1,
    );
    let kept = &delivery.event.commits[0];
    assert!(kept.message.ends_with(" bytes left out)") && kept.message.len() < 20_000);
    assert!(kept.added.len() > 100 && kept.removed.len() > 100);
    assert!(weight(&delivery) < 4 << 20);
}

#[test]
fn lists_may_be_null_or_missing_but_nothing_else() {
    let delivery = push(json!([{"id": "a", "added": null}]), 1);
    assert!(delivery.event.commits[0].added.is_empty());
    let sparse: Value = serde_json::from_slice(&fixture("push.sparse.json")).unwrap();
    for commits in [json!({}), json!(7), json!([null]), json!([{"id": 1}])] {
        let mut push = sparse.clone();
        push["commits"] = commits.clone();
        let result = receive("Push Hook", push.to_string().as_bytes());
        assert!(malformed(&result), "{commits}: {result:?}");
    }
}
