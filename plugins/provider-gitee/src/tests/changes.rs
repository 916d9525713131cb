//! Which files an event changed, as Gitee lists them.

use super::server::{
    NEW, api_config, asked, error, file, merge_request, ok, page, push, server, unreadable,
};
use crate::Gitee;
use push_notify_sdk::{
    ChangePage, ChangeScope, ChangeStatus, Changes, Event, Failure, FileChange, Omission,
    http::Error,
    testing::{Host, response},
};
use serde_json::{Value, json};

const FILES: &str = "GET /pulls/7/files?page=1&per_page=100";
const MORE: &str = "GET /pulls/7/files?page=2&per_page=100";
const COMPARE: &str = "GET /compare/1111111111111111111111111111111111111111...2222222222222222222222222222222222222222";
const COMMIT: &str = "GET /commits/2222222222222222222222222222222222222222";

fn part(host: &Host, event: Event, from: Option<&str>) -> Result<ChangePage, Failure> {
    let from = from.map(str::to_owned);
    host.run(|| Gitee::changes(event, from, api_config(json!({}))))
}

fn first(host: &Host, event: Event) -> ChangePage {
    part(host, event, None).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn paths(page: &ChangePage) -> Vec<&str> {
    page.files.iter().map(|file| file.path.as_str()).collect()
}

fn plain(path: &str) -> Value {
    file(path, json!({}), json!({}))
}

fn many(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| plain(&format!("{number}.rs")))
        .collect()
}

/// As comparisons and commits have it.
fn flat(path: &str) -> Value {
    json!({
        "filename": path, "status": "modified", "additions": 1, "deletions": 1, "changes": 2,
        "patch": "@@ -1,2 +1,2 @@\n-a\n+b\n c\n",
    })
}

fn listed(fields: Value, patch: Value) -> FileChange {
    let host = server(vec![(FILES, page(&[file("src/a.rs", fields, patch)], 1))]);
    first(&host, merge_request()).files.remove(0)
}

#[test]
fn a_pull_request_is_read_page_by_page_where_there_are_pages() {
    let host = server(vec![
        (FILES, page(&[plain("a.rs")], 2)),
        (MORE, page(&[plain("b.rs")], 2)),
    ]);
    let one = first(&host, merge_request());
    assert_eq!((paths(&one), one.scope), (vec!["a.rs"], ChangeScope::Whole));
    assert_eq!(one.next.as_deref(), Some("merge-request:2:100"));
    let two = part(&host, merge_request(), one.next.as_deref()).unwrap();
    assert_eq!(
        (paths(&two), two.next.as_deref(), two.truncated),
        (vec!["b.rs"], None, false)
    );
}

#[test]
fn a_pull_request_with_newer_commits_has_other_files() {
    let told = |sha: &str| {
        let host = server(vec![
            ("GET /pulls/7", ok(&json!({"head": {"sha": sha}}))),
            (FILES, page(&[plain("a.rs")], 1)),
        ]);
        part(&host, merge_request(), None)
    };
    assert!(told(NEW).is_ok());
    let newer = told(&"3".repeat(40));
    assert!(
        matches!(&newer, Err(Failure::Rejected(reason)) if reason.contains("newer commits")),
        "{newer:?}"
    );
}

#[test]
fn a_list_without_pages_is_all_there_is() {
    let host = server(vec![(FILES, ok(&json!(many(120))))]);
    let page = first(&host, merge_request());
    assert_eq!(
        (page.files.len(), page.next, page.truncated),
        (120, None, false)
    );
    // As many as Gitee lists at most.
    let host = server(vec![(FILES, ok(&json!(many(300))))]);
    let page = first(&host, merge_request());
    assert_eq!(
        (page.files.len(), page.next, page.truncated),
        (300, None, true)
    );
}

#[test]
fn a_server_that_repeats_itself_is_not_believed() {
    let same = || ok(&json!(many(100)));
    let host = server(vec![(FILES, same()), (MORE, same())]);
    let one = first(&host, merge_request());
    assert!(one.next.is_some());
    let two = part(&host, merge_request(), one.next.as_deref()).unwrap();
    assert_eq!((two.files.len(), two.next, two.truncated), (0, None, true));

    let host = server(vec![(FILES, same()), (MORE, ok(&json!([plain("z.rs")])))]);
    let two = part(&host, merge_request(), one.next.as_deref()).unwrap();
    assert_eq!(
        (paths(&two), two.next.as_deref(), two.truncated),
        (vec!["z.rs"], None, false)
    );
}

#[test]
fn a_push_is_compared() {
    let host = server(vec![(COMPARE, ok(&json!({"files": [flat("a.rs")]})))]);
    let page = first(&host, push());
    assert_eq!(
        (paths(&page), page.scope, page.next.as_deref()),
        (vec!["a.rs"], ChangeScope::Whole, None)
    );
    assert!(page.files[0].patch.is_some());
    assert_eq!(
        (page.files[0].additions, page.files[0].deletions),
        (Some(1), Some(1))
    );
}

#[test]
fn a_new_branch_is_compared_with_the_default_branch() {
    let mut event = push();
    event.branch = Some("fix/a".to_owned());
    event.created = Some(true);
    event.repository.default_branch = Some("release/1".to_owned());
    let request = "GET /compare/release%2F1...2222222222222222222222222222222222222222";
    let host = server(vec![(request, ok(&json!({"files": [flat("a.rs")]})))]);
    assert_eq!(paths(&first(&host, event)), ["a.rs"]);
}

#[test]
fn after_a_forced_push_the_newest_commit_is_what_is_left() {
    let host = server(vec![
        (COMPARE, Ok(error(404, "404 Not Found"))),
        (COMMIT, ok(&json!({"files": [flat("a.rs")]}))),
    ]);
    let page = first(&host, push());
    assert_eq!(
        (paths(&page), page.scope),
        (vec!["a.rs"], ChangeScope::NewestCommit)
    );
    let failed = part(&server(vec![]), push(), None);
    assert!(
        matches!(failed, Err(Failure::Misconfigured(_))),
        "{failed:?}"
    );
}

#[test]
fn a_deleted_branch_changed_nothing() {
    let mut event = push();
    event.after = Some("0".repeat(40));
    let host = server(vec![]);
    assert!(first(&host, event).files.is_empty());
    assert!(asked(&host).is_empty());
}

#[test]
fn answers_that_are_too_large_are_read_in_parts_or_said_to_be_cut() {
    let host = server(vec![
        (FILES, Err(Error::TooLarge)),
        (
            "GET /pulls/7/files?page=1&per_page=10",
            page(&[plain("a.rs")], 2),
        ),
    ]);
    let one = first(&host, merge_request());
    assert_eq!(one.next.as_deref(), Some("merge-request:2:10"));

    let host = server(vec![
        (COMPARE, Err(Error::TooLarge)),
        (COMMIT, Err(Error::TooLarge)),
    ]);
    let cut = first(&host, push());
    assert_eq!(
        (cut.files.len(), cut.scope, cut.truncated),
        (0, ChangeScope::NewestCommit, true)
    );
}

#[test]
fn a_file_is_told_as_gitee_shows_it() {
    let modified = listed(json!({"additions": "12", "deletions": "3"}), json!({}));
    assert_eq!(modified.status, ChangeStatus::Modified);
    assert_eq!(
        (modified.additions, modified.deletions),
        (Some(12), Some(3))
    );
    assert!(modified.patch.unwrap().starts_with("@@ -1,2 +1,2 @@\n"));
    assert_eq!((modified.old_path, modified.omitted), (None, None));

    for (word, patch, status) in [
        ("added", json!({}), ChangeStatus::Added),
        ("deleted", json!({}), ChangeStatus::Removed),
        ("removed", json!({}), ChangeStatus::Removed),
        (
            "modified",
            json!({"deleted_file": true}),
            ChangeStatus::Removed,
        ),
        ("modified", json!({"new_file": true}), ChangeStatus::Added),
        ("changed", json!({}), ChangeStatus::Modified),
    ] {
        assert_eq!(
            listed(json!({"status": word}), patch).status,
            status,
            "{word}"
        );
    }
    let counts = json!({"status": "renamed", "additions": "0", "deletions": "0"});
    let patch = json!({"renamed_file": true, "old_path": "src/old.rs", "diff": ""});
    let renamed = listed(counts, patch);
    assert_eq!(renamed.status, ChangeStatus::Renamed);
    assert_eq!(renamed.old_path.as_deref(), Some("src/old.rs"));
    assert_eq!((renamed.patch, renamed.omitted), (None, None));
}

#[test]
fn a_file_without_a_diff_says_why() {
    let none = json!({"additions": "0", "deletions": "0"});
    for (fields, patch, omitted) in [
        (
            json!({}),
            json!({"diff": "", "too_large": true}),
            Some(Omission::TooLarge),
        ),
        (json!({}), json!({"diff": null}), Some(Omission::TooLarge)),
        (
            none.clone(),
            json!({"diff": "Binary files a/x and b/x differ\n"}),
            Some(Omission::Binary),
        ),
        (none.clone(), json!({"diff": "", "b_mode": "100755"}), None),
        (none, json!({"diff": "", "new_file": true}), None),
    ] {
        let file = listed(fields, patch.clone());
        assert_eq!((file.omitted, file.patch), (omitted, None), "{patch}");
    }
}

#[test]
fn a_refusal_says_what_happens_next() {
    let failed = |status: u16, body: &str| {
        let answer = response(status, body).with_header("retry-after", "7");
        part(&server(vec![(FILES, Ok(answer))]), merge_request(), None)
    };
    for status in [401, 404] {
        assert!(
            matches!(failed(status, ""), Err(Failure::Misconfigured(_))),
            "{status}"
        );
    }
    for (status, body) in [(403, "Rate Limit Exceeded"), (429, ""), (502, "")] {
        let failed = failed(status, body);
        assert!(
            matches!(&failed, Err(Failure::Retry(retry)) if retry.after_ms == Some(7000)),
            "{failed:?}"
        );
    }
}

#[test]
fn no_answer_is_too_odd() {
    for answer in [
        unreadable(),
        ok(&json!({})),
        ok(&json!([1])),
        ok(&json!([{"patch": [1]}])),
    ] {
        let failed = part(&server(vec![(FILES, answer)]), merge_request(), None);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    }
    let odd = json!([
        {}, {"filename": ""}, {"filename": "a", "additions": null, "patch": null},
        {"filename": "b", "additions": "many", "patch": "@@ -1 +1 @@\n-a\n+b"},
    ]);
    let page = first(&server(vec![(FILES, ok(&odd))]), merge_request());
    assert_eq!(paths(&page), ["a", "b"]);
    assert_eq!(
        (page.files[0].additions, page.files[1].additions),
        (None, Some(1))
    );
}

#[test]
fn a_part_of_something_else_is_refused() {
    for (event, from) in [
        (merge_request(), "commit:1:100"),
        (merge_request(), "~merge-request:1:100"),
        (push(), "merge-request:1:100"),
        (push(), "commit:2:100"),
    ] {
        let host = server(vec![]);
        let failed = part(&host, event, Some(from));
        assert!(
            matches!(failed, Err(Failure::Rejected(_))),
            "{from}: {failed:?}"
        );
        assert!(asked(&host).is_empty(), "{from}");
    }
}
