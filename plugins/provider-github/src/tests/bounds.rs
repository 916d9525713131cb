//! Lists and strings that are longer than the plugin may hold.

use super::{malformed, receive_json};
use push_notify_sdk::{Event, delivery::LONGEST_LIST};
use serde_json::{Value, json};

fn push(commits: &str) -> Vec<u8> {
    let repository = r#"{"full_name":"orchard-works/pear-ledger"}"#;
    format!(r#"{{"ref":"refs/heads/main","commits":{commits},"repository":{repository}}}"#)
        .into_bytes()
}

fn event(commits: &str) -> Event {
    receive_json("push", &push(commits))
        .unwrap()
        .events
        .remove(0)
}

fn events(commits: &[Value]) -> Event {
    event(&Value::from(commits).to_string())
}

#[test]
fn half_a_million_commits_are_counted_and_the_newest_2048_kept() {
    let older = r#"{"id":""},"#.repeat(500_000);
    let newer: Vec<String> = (0..2048).map(|n| format!(r#"{{"id":"{n}"}}"#)).collect();
    let event = event(&format!("[{older}{}]", newer.join(",")));
    assert_eq!(event.total_commits, Some(502_048));
    let ids: Vec<&str> = event.commits.iter().map(|commit| &*commit.id).collect();
    let expected: Vec<String> = (0..2048).map(|n| n.to_string()).collect();
    assert_eq!(ids, expected);
}

#[test]
fn millions_of_paths_end_at_the_cap_of_each_list() {
    let paths = |count| format!("[{}\"last\"]", r#""","#.repeat(count));
    let commit = format!(
        r#"{{"id":"a","added":{},"modified":{},"removed":{},"message":"after the lists"}}"#,
        paths(2_000_000),
        paths(LONGEST_LIST),
        paths(LONGEST_LIST - 1),
    );
    let commit = &event(&format!("[{commit}]")).commits[0];
    assert_eq!(commit.added, vec![""; LONGEST_LIST]);
    assert_eq!(commit.modified, vec![""; LONGEST_LIST]);
    assert_eq!(commit.removed.len(), LONGEST_LIST);
    assert_eq!(commit.removed.last().unwrap(), "last");
    assert_eq!(commit.message, "after the lists");
}

#[test]
fn the_oldest_commits_lose_their_lists_when_there_are_too_many_paths() {
    let commits: Vec<Value> = (0..40)
        .map(|n| json!({"id": n.to_string(), "added": vec!["a"; 500], "removed": vec!["r"; 500]}))
        .collect();
    let event = events(&commits);
    assert_eq!((event.commits.len(), event.total_commits), (40, Some(40)));
    let (bare, whole) = event.commits.split_at(10);
    for commit in bare {
        assert!(commit.added.is_empty() && commit.removed.is_empty());
    }
    for commit in whole {
        assert_eq!((commit.added.len(), commit.removed.len()), (500, 500));
    }
}

#[test]
fn commits_that_have_gone_take_nothing_from_the_paths_of_newer_ones() {
    // The paths run out among the first, which then go; the last have as many as there is room for.
    let mut commits = vec![json!({"id": "old", "added": vec!["a"; 100]}); 400];
    commits.extend(vec![json!({"id": "between"}); 2048 - 10]);
    commits.extend(vec![json!({"id": "new", "modified": vec!["m"; 3000]}); 10]);
    let event = events(&commits);
    assert_eq!(event.total_commits, Some(2448));
    assert_eq!(event.commits.len(), 2048);
    let (between, new) = event.commits.split_at(2048 - 10);
    assert!(between.iter().all(|commit| commit.id == "between"));
    assert!(new.iter().all(|commit| commit.modified.len() == 3000));

    commits.push(json!({"id": "newest", "modified": ["m"]}));
    let newest = events(&commits).commits.split_off(2048 - 11);
    let kept: Vec<usize> = newest.iter().map(|commit| commit.modified.len()).collect();
    assert_eq!(kept, [&[0][..], &[3000; 9], &[1]].concat());
}

#[test]
fn a_list_may_be_null_or_missing_but_nothing_else() {
    let commits = event(r#"[{"id":"a","added":null},{"id":"b","added":["p"]}]"#).commits;
    assert!(commits[0].added.is_empty() && commits[0].removed.is_empty());
    assert_eq!(commits[1].added, ["p"]);
    assert_eq!(event("null").total_commits, None);
    assert_eq!(event("[]").total_commits, Some(0));
    for commits in [
        "{}",
        "7",
        "[null]",
        r#"[{"id":"a","added":{}}]"#,
        r#"[{"id":"a","removed":[1]}]"#,
        r#"[{"id":"a","added":[],"added":[]}]"#,
    ] {
        let result = receive_json("push", &push(commits));
        assert!(malformed(&result), "{commits}: {result:?}");
    }
}

#[test]
fn a_message_of_many_mebibytes_is_no_reason_to_refuse_a_push() {
    let long = "x".repeat(8 << 20);
    let result = receive_json(
        "push",
        &push(&format!(r#"[{{"id":"a","message":"{long}"}}]"#)),
    );
    assert!(result.is_ok());
}

#[test]
fn of_a_million_labels_and_people_there_are_a_hundred() {
    let many = |entry: &str| format!("[{}null]", format!("{entry},").repeat(1_000_000));
    let labels = many(r#"{"name":"a"}"#);
    let people = many(r#"{"login":"b"}"#);
    let repository = r#"{"full_name":"orchard-works/pear-ledger"}"#;
    let body = format!(
        r#"{{"action":"opened","issue":{{"number":1,"labels":{labels},"assignees":{people}}},"repository":{repository}}}"#
    );
    let event = receive_json("issues", body.as_bytes())
        .unwrap()
        .events
        .remove(0);
    let issue = event.issue.unwrap();
    assert_eq!((issue.labels.len(), issue.assignees.len()), (100, 100));
}
