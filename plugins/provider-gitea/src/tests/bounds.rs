//! Lists that are longer than the plugin may hold. The newest commit comes first in them.

use super::{malformed, receive_json};
use push_notify_sdk::Event;
use serde_json::{Value, json};

fn push(rest: &str) -> Vec<u8> {
    let repository = r#"{"full_name":"orchard-works/pear-ledger"}"#;
    format!(r#"{{"ref":"refs/heads/main","repository":{repository},{rest}}}"#).into_bytes()
}

fn event(rest: &str) -> Event {
    receive_json("push", &push(rest)).unwrap().events.remove(0)
}

fn events(commits: &[Value]) -> Event {
    event(&format!(r#""commits":{}"#, Value::from(commits)))
}

#[test]
fn the_newest_commit_comes_last_in_the_event() {
    let commits = [json!({"id": "c"}), json!({"id": "b"}), json!({"id": "a"})];
    let event = events(&commits);
    let ids: Vec<&str> = event.commits.iter().map(|commit| &*commit.id).collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[test]
fn half_a_million_commits_are_counted_and_the_newest_2048_kept() {
    let newer: Vec<String> = (0..2048).map(|n| format!(r#"{{"id":"{n}"}}"#)).collect();
    let older = r#",{"id":""}"#.repeat(500_000);
    let event = event(&format!(r#""commits":[{}{older}]"#, newer.join(",")));
    assert_eq!(event.total_commits, Some(502_048));
    let ids: Vec<&str> = event.commits.iter().map(|commit| &*commit.id).collect();
    let expected: Vec<String> = (0..2048).rev().map(|n| n.to_string()).collect();
    assert_eq!(ids, expected);
}

#[test]
fn the_oldest_commits_lose_their_lists_when_there_are_too_many_paths() {
    let mut commits: Vec<Value> = (0..40)
        .map(|n| json!({"id": n.to_string(), "added": vec!["a"; 500], "removed": vec!["r"; 500]}))
        .collect();
    // Older than one that lost its own.
    commits.push(json!({"id": "oldest", "added": ["a"]}));
    let event = events(&commits);
    assert_eq!((event.commits.len(), event.total_commits), (41, Some(41)));
    let (bare, whole) = event.commits.split_at(11);
    for commit in bare {
        assert!(commit.added.is_empty() && commit.removed.is_empty());
    }
    for commit in whole {
        assert_eq!((commit.added.len(), commit.removed.len()), (500, 500));
    }
}

#[test]
fn the_total_is_the_hosts_but_no_less_than_what_is_listed() {
    for (rest, total) in [
        (r#""commits":[{"id":"a"}],"total_commits":40"#, Some(40)),
        (r#""commits":[{"id":"a"}],"total_commits":0"#, Some(1)),
        (r#""commits":[{"id":"a"}],"total_commits":null"#, Some(1)),
        (r#""commits":null,"total_commits":13"#, Some(13)),
        (r#""commits":[]"#, Some(0)),
        (r#""commits":null"#, None),
        (r#""compare_url":"""#, None),
    ] {
        assert_eq!(event(rest).total_commits, total, "{rest}");
    }
    for rest in [
        r#""total_commits":-1"#,
        r#""total_commits":"3""#,
        r#""commits":{}"#,
        r#""commits":[null]"#,
        r#""commits":[{"id":"a","added":{}}]"#,
    ] {
        let result = receive_json("push", &push(rest));
        assert!(malformed(&result), "{rest}: {result:?}");
    }
}
