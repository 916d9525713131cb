use super::{API, config, merge_request, push};
use crate::Github;
use push_notify_sdk::{
    ChangePage, ChangeScope, ChangeStatus, Changes, Event, Failure, Omission,
    http::{Error, Response},
    testing::{Host, Request, json_response, response},
};
use serde_json::{Value, json};

const NEXT: &str = r#"<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last""#;
const LAST: &str = r#"<https://api.github.com/x?page=1>; rel="first""#;

fn listed(path: &str) -> Value {
    json!({"filename": path, "status": "modified", "additions": 1, "deletions": 0, "changes": 1, "patch": "@@ -1 +1,2 @@\n a\n+b"})
}

/// What `answer` makes of each request, and the addresses asked for.
fn ask(
    event: Event,
    from: Option<&str>,
    answer: impl FnMut(&Request) -> Result<Response, Error> + 'static,
) -> (Result<ChangePage, Failure>, Vec<String>) {
    let host = Host::new().http(answer);
    let page = host.run(|| Github::changes(event, from.map(str::to_owned), config()));
    let urls = host.requests().into_iter().map(|request| request.url);
    let below = |url: String| {
        url.strip_prefix(API)
            .expect("below the repository")
            .to_owned()
    };
    (page, urls.map(below).collect())
}

#[test]
fn each_event_is_asked_for_where_github_lists_it() {
    let (zeros, zeros64) = ("0".repeat(40), "0".repeat(64));
    let commit = "/commits/bbbb?page=1&per_page=100";
    let whole = ChangeScope::Whole;
    for (event, url, scope) in [
        (
            merge_request(7),
            "/pulls/7/files?page=1&per_page=100",
            whole,
        ),
        (
            push("aaaa", "bbbb"),
            "/compare/aaaa...bbbb?per_page=1&page=1",
            whole,
        ),
        (
            push(&zeros, "bbbb"),
            "/compare/main...bbbb?per_page=1&page=1",
            whole,
        ),
        (
            push(&zeros64, "bbbb"),
            "/compare/main...bbbb?per_page=1&page=1",
            whole,
        ),
        (
            Event {
                branch: Some("main".to_owned()),
                ..push(&zeros, "bbbb")
            },
            commit,
            ChangeScope::NewestCommit,
        ),
        (
            Event {
                branch: None,
                tag: Some("v1".to_owned()),
                ..push(&zeros, "bbbb")
            },
            commit,
            ChangeScope::NewestCommit,
        ),
    ] {
        let (page, urls) = ask(event, None, |request| {
            let files = json!([listed("src/a.rs")]);
            let told = match request.url.contains("/pulls/") {
                true => files,
                false => json!({"files": files}),
            };
            Ok(json_response(200, &told))
        });
        let page = page.unwrap();
        assert_eq!(urls.last().map(String::as_str), Some(url));
        assert!(urls.len() == 1 || urls[0] == "/pulls/7", "{urls:?}");
        assert_eq!(
            (page.scope, page.next, page.truncated),
            (scope, None, false),
            "{url}"
        );
        assert_eq!(page.files[0].path, "src/a.rs");
    }
}

#[test]
fn a_branch_keeps_its_slashes_within_the_address() {
    let mut event = push(&"0".repeat(40), "bbbb");
    event.repository.default_branch = Some("release/1.x".to_owned());
    let (_, urls) = ask(event, None, |_| Ok(json_response(200, &json!({}))));
    assert_eq!(urls, ["/compare/release%2F1.x...bbbb?per_page=1&page=1"]);
}

#[test]
fn a_deleted_ref_has_no_changes() {
    for event in [
        push("aaaa", &"0".repeat(40)),
        Event {
            deleted: Some(true),
            ..push("aaaa", "bbbb")
        },
    ] {
        let (page, urls) = ask(event, None, |_| panic!("nobody is to be asked"));
        assert!(page.unwrap().files.is_empty() && urls.is_empty());
    }
}

#[test]
fn a_page_says_where_the_next_one_begins() {
    let answer = |link: &'static str| {
        move |_: &Request| Ok(json_response(200, &json!([listed("a")])).with_header("Link", link))
    };
    let (first, _) = ask(merge_request(7), None, answer(NEXT));
    let next = first.unwrap().next.unwrap();
    let (second, urls) = ask(merge_request(7), Some(&next), answer(LAST));
    assert_eq!(urls, ["/pulls/7/files?page=2&per_page=100"]);
    assert_eq!(second.unwrap().next, None);
    // Where GitHub stops to list, there may be more.
    let (last, _) = ask(merge_request(7), Some("merge-request:30:100"), answer(LAST));
    assert!(last.unwrap().truncated);
}

#[test]
fn a_full_page_has_another_after_it_when_nothing_says_otherwise() {
    let next = |count: usize, from: &str| {
        let files: Vec<Value> = (0..count).map(|_| listed("a")).collect();
        let answer = json_response(200, &files);
        let (page, _) = ask(merge_request(7), Some(from), move |_| Ok(answer.clone()));
        let page = page.unwrap();
        (page.next, page.truncated)
    };
    let second = Some("merge-request:2:100".to_owned());
    assert_eq!(next(100, "merge-request:1:100"), (second, false));
    assert_eq!(next(99, "merge-request:1:100"), (None, false));
    assert_eq!(next(0, "merge-request:2:100"), (None, false));
    // GitHub lists no more.
    assert_eq!(next(100, "merge-request:30:100"), (None, true));
}

#[test]
fn a_merge_request_with_newer_commits_has_other_files() {
    let changes = |head: Value, from: Option<&str>| {
        let answer = move |request: &Request| match request.url.ends_with("/pulls/7") {
            true => Ok(json_response(200, &json!({ "head": head }))),
            false => Ok(json_response(200, &json!([listed("a")]))),
        };
        ask(merge_request(7), from, answer).0
    };
    let newer = changes(json!({"sha": "dddd"}), None);
    assert!(matches!(&newer, Err(Failure::Rejected(reason)) if reason.contains("newer commits")));
    // Its other parts do not ask again.
    assert!(changes(json!({"sha": "dddd"}), Some("merge-request:2:100")).is_ok());
    for head in [json!({"sha": "CCCC"}), json!({}), json!(7)] {
        assert!(changes(head, None).is_ok());
    }
}

#[test]
fn a_part_that_nobody_gave_is_refused() {
    for from in [
        "",
        "2",
        "merge-request",
        "merge-request:0:100",
        "merge-request:x:1",
        "commit:1:100",
        "compare:1:100",
    ] {
        let (page, urls) = ask(merge_request(7), Some(from), |_| {
            panic!("nobody is to be asked")
        });
        assert!(matches!(page, Err(Failure::Rejected(_))), "{from}");
        assert!(urls.is_empty());
    }
}

#[test]
fn after_a_forced_push_the_newest_commit_is_told() {
    let answer = |request: &Request| match request.url.contains("/compare/") {
        true => Ok(json_response(404, &json!({"message": "Not Found"}))),
        false => Ok(json_response(200, &json!({"files": [listed("a")]})).with_header("link", NEXT)),
    };
    let (page, urls) = ask(push("aaaa", "bbbb"), None, answer);
    let page = page.unwrap();
    assert_eq!(page.scope, ChangeScope::NewestCommit);
    assert_eq!(urls.len(), 2);
    let (page, urls) = ask(push("aaaa", "bbbb"), page.next.as_deref(), answer);
    assert_eq!(urls, ["/commits/bbbb?page=2&per_page=100"]);
    assert_eq!(page.unwrap().scope, ChangeScope::NewestCommit);
}

#[test]
fn a_page_too_large_is_asked_for_in_smaller_ones() {
    let answer = |request: &Request| match request.url.ends_with("per_page=100") {
        true => Err(Error::TooLarge),
        false => Ok(json_response(200, &json!([listed("a")])).with_header("link", NEXT)),
    };
    let (page, urls) = ask(merge_request(7), Some("merge-request:3:100"), answer);
    assert_eq!(urls[1], "/pulls/7/files?page=21&per_page=10");
    assert_eq!(page.unwrap().next.as_deref(), Some("merge-request:22:10"));

    let (page, urls) = ask(merge_request(7), None, |_| Err(Error::TooLarge));
    assert_eq!(urls.len(), 4);
    let page = page.unwrap();
    assert!(page.truncated && page.files.is_empty());
}

#[test]
fn a_comparison_lists_300_files_at_most() {
    let answer = |count: usize| {
        let files: Vec<Value> = (0..count).map(|at| listed(&at.to_string())).collect();
        move |_: &Request| Ok(json_response(200, &json!({"files": files})))
    };
    let (page, _) = ask(push("aaaa", "bbbb"), None, answer(300));
    assert!(page.unwrap().truncated);
    let (page, _) = ask(push("aaaa", "bbbb"), None, answer(299));
    assert!(!page.unwrap().truncated);
}

#[test]
fn a_file_says_why_it_has_no_patch() {
    let file = |more: Value| {
        let mut file = json!({"filename": "new", "status": "modified", "additions": 0, "deletions": 0, "changes": 0});
        file.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        file
    };
    let patch = "@@ -1 +1 @@\n-a\n+b";
    let cases = [
        (
            json!({"patch": patch, "changes": 2}),
            ChangeStatus::Modified,
            None,
        ),
        (json!({}), ChangeStatus::Modified, Some(Omission::Binary)),
        (
            json!({"changes": 90000}),
            ChangeStatus::Modified,
            Some(Omission::TooLarge),
        ),
        (
            json!({"status": "added", "sha": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"}),
            ChangeStatus::Added,
            None,
        ),
        (
            json!({"status": "renamed", "previous_filename": "old"}),
            ChangeStatus::Renamed,
            None,
        ),
        (
            json!({"status": "removed", "changes": 2, "patch": patch}),
            ChangeStatus::Removed,
            None,
        ),
        (
            json!({"status": "copied", "changes": 2, "patch": patch}),
            ChangeStatus::Added,
            None,
        ),
        (
            json!({"status": "never heard of", "patch": null, "changes": null}),
            ChangeStatus::Modified,
            Some(Omission::TooLarge),
        ),
    ];
    let files: Vec<Value> = cases.iter().map(|(more, ..)| file(more.clone())).collect();
    let nothing = [
        json!({"filename": "same", "status": "unchanged"}),
        json!({}),
        json!({"filename": null}),
    ];
    let all = [files, nothing.to_vec()].concat();
    let (page, _) = ask(merge_request(7), None, move |_| {
        Ok(json_response(200, &json!(all)))
    });
    let files = page.unwrap().files;
    assert_eq!(files.len(), cases.len());
    for (file, (more, status, omitted)) in files.iter().zip(cases) {
        assert_eq!((file.status, file.omitted), (status, omitted), "{more}");
        assert_eq!(file.old_path.as_deref(), more["previous_filename"].as_str());
        assert_eq!(file.patch.as_deref(), more["patch"].as_str());
    }
}

#[test]
fn a_refusal_says_what_can_be_done() {
    let fail = |answer: Response| {
        ask(merge_request(7), None, move |_| Ok(answer.clone()))
            .0
            .unwrap_err()
    };
    for status in [401, 403, 404] {
        assert!(
            matches!(fail(response(status, "{}")), Failure::Misconfigured(_)),
            "{status}"
        );
    }
    let wait = |answer: Response| match fail(answer) {
        Failure::Retry(retry) => retry.after_ms,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        wait(response(429, "").with_header("retry-after", "7")),
        Some(7_000)
    );
    let spent = response(403, "").with_header("x-ratelimit-remaining", "0");
    assert_eq!(
        wait(spent.with_header("x-ratelimit-reset", "30")),
        Some(30_000)
    );
    assert_eq!(wait(response(502, "<html>")), None);
}

#[test]
fn no_answer_breaks_the_plugin() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "7",
        "{\"files\": 7}",
        "[{\"filename\": 7}]",
        "\u{feff}[]",
    ] {
        for event in [merge_request(7), push("aaaa", "bbbb")] {
            let (page, _) = ask(event, None, move |_| Ok(response(200, body)));
            assert!(
                matches!(&page, Err(Failure::Retry(_)))
                    || page.as_ref().is_ok_and(|page| page.files.is_empty()),
                "{body}: {page:?}"
            );
        }
    }
}

#[test]
fn what_a_payload_names_as_its_commit_is_looked_at() {
    for after in ["../../../user", "bbbb?x=", "main", ""] {
        let (page, urls) = ask(push("aaaa", after), None, |_| {
            panic!("nobody is to be asked")
        });
        assert!(matches!(page, Err(Failure::Rejected(_))), "{after}");
        assert!(urls.is_empty());
    }
}
