//! Which files an event changed, as GitLab lists them.

use super::server::{
    NEW, OLD, asked, config, error, file, merge_request, ok, page, push, server, unreadable,
};
use crate::Gitlab;
use push_notify_sdk::{
    ChangePage, ChangeScope, ChangeStatus, Changes, Event, Failure, FileChange, Omission,
    http::Error,
    testing::{Host, response},
};
use serde_json::{Value, json};

const DIFFS: &str = "GET /merge_requests/7/diffs?page=1&per_page=100";
const COMPARE: &str = "GET /repository/compare?from=1111111111111111111111111111111111111111&to=2222222222222222222222222222222222222222";
const COMMIT: &str =
    "GET /repository/commits/2222222222222222222222222222222222222222/diff?page=1&per_page=100";
const VERSIONS: &str = "GET /merge_requests/7/versions?per_page=100";

fn part(host: &Host, event: Event, from: Option<&str>) -> Result<ChangePage, Failure> {
    let from = from.map(str::to_owned);
    host.run(|| Gitlab::changes(event, from, config(json!({}))))
}

fn first(host: &Host, event: Event) -> ChangePage {
    part(host, event, None).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn paths(page: &ChangePage) -> Vec<&str> {
    page.files.iter().map(|file| file.path.as_str()).collect()
}

/// What becomes of one listed file.
fn listed(fields: Value) -> FileChange {
    let host = server(vec![
        (DIFFS, page(&[file("src/a.rs", fields)], "")),
        (VERSIONS, ok(&json!([]))),
    ]);
    first(&host, merge_request()).files.remove(0)
}

#[test]
fn a_merge_request_is_read_page_by_page() {
    let host = server(vec![
        (DIFFS, page(&[file("a.rs", json!({}))], "2")),
        (
            "GET /merge_requests/7/diffs?page=2&per_page=100",
            page(&[file("b.rs", json!({}))], ""),
        ),
        (
            VERSIONS,
            ok(&json!([{"real_size": "2", "state": "collected"}])),
        ),
    ]);
    let one = first(&host, merge_request());
    assert_eq!(
        (paths(&one), one.scope, one.truncated),
        (vec!["a.rs"], ChangeScope::Whole, false)
    );
    assert_eq!(one.next.as_deref(), Some("merge-request:2:100"));
    let two = part(&host, merge_request(), one.next.as_deref()).unwrap();
    assert_eq!(
        (paths(&two), two.next.as_deref(), two.truncated),
        (vec!["b.rs"], None, false)
    );
    assert_eq!(asked(&host).len(), 4);
}

#[test]
fn a_full_page_has_another_after_it_when_nothing_says_otherwise() {
    for (count, next) in [(100, Some("merge-request:2:100")), (99, None)] {
        let files = vec![file("a.rs", json!({})); count];
        let host = server(vec![(DIFFS, ok(&json!(files)))]);
        assert_eq!(first(&host, merge_request()).next.as_deref(), next);
    }
}

#[test]
fn a_small_merge_request_takes_two_requests() {
    let host = server(vec![(DIFFS, page(&[file("a.rs", json!({}))], ""))]);
    assert_eq!(first(&host, merge_request()).next, None);
    assert_eq!(asked(&host), ["GET /merge_requests/7", DIFFS]);
}

#[test]
fn a_merge_request_with_newer_commits_has_other_files() {
    let told = |sha: &str| {
        let host = server(vec![
            ("GET /merge_requests/7", ok(&json!({ "sha": sha }))),
            (DIFFS, page(&[file("a.rs", json!({}))], "")),
        ]);
        part(&host, merge_request(), None)
    };
    assert!(told(NEW).is_ok());
    let newer = told(OLD);
    assert!(
        matches!(&newer, Err(Failure::Rejected(reason)) if reason.contains("newer commits")),
        "{newer:?}"
    );
}

#[test]
fn gitlab_says_when_it_keeps_only_a_part_of_a_diff() {
    for (version, cut) in [
        (json!({"real_size": "1000+", "state": "collected"}), true),
        (
            json!({"real_size": "1000", "state": "overflow_diff_lines_limit"}),
            true,
        ),
        (json!({"real_size": "3", "state": "collected"}), false),
        (json!({}), false),
    ] {
        let large = file("a.rs", json!({"diff": "", "too_large": true}));
        let host = server(vec![
            (DIFFS, page(&[large], "")),
            (VERSIONS, ok(&json!([version]))),
        ]);
        assert_eq!(first(&host, merge_request()).truncated, cut, "{version}");
    }
}

#[test]
fn a_merge_request_whose_diffs_are_not_made_yet_is_asked_for_later() {
    let empty = |refs: Value| {
        let request = ok(&json!({"iid": 7, "diff_refs": refs}));
        server(vec![
            (DIFFS, page(&[], "")),
            ("GET /merge_requests/7", request),
        ])
    };
    let failed = part(&empty(Value::Null), merge_request(), None);
    assert!(
        matches!(&failed, Err(Failure::Retry(retry)) if retry.after_ms == Some(10_000)),
        "{failed:?}"
    );
    let refs = json!({"base_sha": OLD, "start_sha": OLD, "head_sha": NEW});
    assert!(first(&empty(refs), merge_request()).files.is_empty());
}

#[test]
fn an_older_gitlab_lists_all_changes_at_once() {
    let changes = ok(&json!({"changes": [file("a.rs", json!({}))], "overflow": true}));
    let host = server(vec![("GET /merge_requests/7/changes", changes)]);
    let page = first(&host, merge_request());
    assert_eq!(
        (paths(&page), page.next.as_deref(), page.truncated),
        (vec!["a.rs"], None, true)
    );
    // Without either, there is no merge request.
    let failed = part(&server(vec![]), merge_request(), None);
    assert!(
        matches!(failed, Err(Failure::Misconfigured(_))),
        "{failed:?}"
    );
}

#[test]
fn a_push_is_compared() {
    let host = server(vec![(
        COMPARE,
        ok(&json!({"diffs": [file("a.rs", json!({}))], "compare_timeout": false})),
    )]);
    let page = first(&host, push());
    assert_eq!(
        (paths(&page), page.scope, page.truncated),
        (vec!["a.rs"], ChangeScope::Whole, false)
    );
    let host = server(vec![(
        COMPARE,
        ok(&json!({"diffs": [], "compare_timeout": true})),
    )]);
    assert!(first(&host, push()).truncated);
}

#[test]
fn a_new_branch_is_compared_with_the_default_branch() {
    let event = Event {
        branch: Some("fix/a".to_owned()),
        before: Some("0".repeat(64)),
        created: Some(true),
        ..push()
    };
    let request = format!("GET /repository/compare?from=main&to={NEW}");
    let host = server(vec![(
        &request,
        ok(&json!({"diffs": [file("a.rs", json!({}))]})),
    )]);
    assert_eq!(paths(&first(&host, event)), ["a.rs"]);
}

#[test]
fn after_a_forced_push_the_newest_commit_is_what_is_left() {
    let host = server(vec![
        (COMPARE, Ok(error(404, "404 Ref Not Found"))),
        (COMMIT, page(&[file("a.rs", json!({}))], "2")),
        (
            "GET /repository/commits/2222222222222222222222222222222222222222/diff?page=2&per_page=100",
            page(&[file("b.rs", json!({}))], ""),
        ),
    ]);
    let one = first(&host, push());
    assert_eq!(
        (paths(&one), one.scope),
        (vec!["a.rs"], ChangeScope::NewestCommit)
    );
    assert_eq!(one.next.as_deref(), Some("commit:2:100"));
    let two = part(&host, push(), one.next.as_deref()).unwrap();
    assert_eq!(
        (paths(&two), two.scope, two.next.as_deref()),
        (vec!["b.rs"], ChangeScope::NewestCommit, None)
    );
    // The later part goes straight to the commit.
    assert_eq!(asked(&host).len(), 3);
}

#[test]
fn a_deleted_branch_changed_nothing() {
    let event = Event {
        after: Some("0".repeat(40)),
        ..push()
    };
    let host = server(vec![]);
    assert!(first(&host, event).files.is_empty());
    assert!(asked(&host).is_empty());
}

#[test]
fn answers_that_are_too_large_are_read_in_parts_or_said_to_be_cut() {
    let small = "GET /merge_requests/7/diffs?page=1&per_page=10";
    let host = server(vec![
        (DIFFS, Err(Error::TooLarge)),
        (small, page(&[file("a.rs", json!({}))], "2")),
    ]);
    let one = first(&host, merge_request());
    assert_eq!(one.next.as_deref(), Some("merge-request:2:10"));

    let host = server(vec![
        (DIFFS, Err(Error::TooLarge)),
        (small, Err(Error::TooLarge)),
        (
            "GET /merge_requests/7/diffs?page=1&per_page=1",
            Err(Error::TooLarge),
        ),
    ]);
    let cut = first(&host, merge_request());
    assert_eq!((cut.files.len(), cut.next, cut.truncated), (0, None, true));

    let host = server(vec![
        (COMPARE, Err(Error::TooLarge)),
        (COMMIT, page(&[file("a.rs", json!({}))], "")),
    ]);
    let page = first(&host, push());
    assert_eq!(
        (paths(&page), page.scope, page.truncated),
        (vec!["a.rs"], ChangeScope::NewestCommit, true)
    );
}

#[test]
fn a_file_is_told_as_gitlab_shows_it() {
    let modified = listed(json!({}));
    assert_eq!(modified.status, ChangeStatus::Modified);
    assert_eq!((modified.additions, modified.deletions), (Some(1), Some(1)));
    assert!(modified.patch.unwrap().starts_with("@@ -1,2 +1,2 @@\n"));
    assert_eq!((modified.old_path, modified.omitted), (None, None));

    let added = listed(
        json!({"new_file": true, "diff": "--- /dev/null\n+++ b/src/a.rs\n@@ -0,0 +1 @@\n+a\n"}),
    );
    assert_eq!(added.status, ChangeStatus::Added);
    assert_eq!(added.patch.as_deref(), Some("@@ -0,0 +1 @@\n+a\n"));
    assert_eq!(
        listed(json!({"deleted_file": true})).status,
        ChangeStatus::Removed
    );

    let renamed = listed(json!({"renamed_file": true, "old_path": "src/old.rs", "diff": ""}));
    assert_eq!(renamed.status, ChangeStatus::Renamed);
    assert_eq!(renamed.old_path.as_deref(), Some("src/old.rs"));
    assert_eq!((renamed.patch, renamed.omitted), (None, None));
}

#[test]
fn a_file_without_a_diff_says_why() {
    for (fields, omitted) in [
        (
            json!({"diff": "", "too_large": true}),
            Some(Omission::TooLarge),
        ),
        (
            json!({"diff": "", "collapsed": true}),
            Some(Omission::TooLarge),
        ),
        (json!({"diff": null}), Some(Omission::TooLarge)),
        (json!({"generated_file": true}), Some(Omission::Generated)),
        (
            json!({"diff": "Binary files a/x and b/x differ\n"}),
            Some(Omission::Binary),
        ),
        (json!({"diff": "", "new_file": true}), None),
        (json!({"diff": "", "b_mode": "100755"}), None),
    ] {
        let file = listed(fields.clone());
        assert_eq!((file.omitted, file.patch), (omitted, None), "{fields}");
    }
}

#[test]
fn a_refusal_says_what_happens_next() {
    let failed = |status: u16| {
        let answer = response(status, "no").with_header("retry-after", "7");
        part(&server(vec![(DIFFS, Ok(answer))]), merge_request(), None)
    };
    for status in [401, 404] {
        assert!(
            matches!(failed(status), Err(Failure::Misconfigured(_))),
            "{status}"
        );
    }
    for status in [429, 500, 502, 503] {
        let failed = failed(status);
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
        ok(&json!([{"new_path": 1}])),
    ] {
        let failed = part(&server(vec![(DIFFS, answer)]), merge_request(), None);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    }
    let nameless = server(vec![(
        DIFFS,
        ok(&json!([{}, {"new_path": ""}, {"old_path": "a"}])),
    )]);
    assert_eq!(paths(&first(&nameless, merge_request())), ["a"]);
}

#[test]
fn a_part_of_something_else_is_refused() {
    for (event, from) in [
        (merge_request(), "commit:1:100"),
        (push(), "merge-request:1:100"),
        (push(), "compare:2:100"),
        (push(), "commit:../1:100"),
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
