use super::{API, config, config_with, merge_request, push};
use crate::Gitea;
use push_notify_sdk::{
    ChangePage, ChangeScope, Changes, Event, Failure, Omission,
    http::{Error, Response},
    testing::{Host, Request, json_response, response},
};
use serde_json::json;

const DIFF: &str = "diff --git a/src/a.rs b/src/a.rs\nindex 1..2 100644\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1 +1 @@\n-a\n+b\n";
/// Of the pages in `config`.
const PAGES: &str = "https://git.example.com/company/app";

/// What `answer` makes of each request, and the addresses asked for.
fn ask(
    event: Event,
    from: Option<&str>,
    answer: impl FnMut(&Request) -> Result<Response, Error> + 'static,
) -> (Result<ChangePage, Failure>, Vec<String>) {
    let host = Host::new().http(answer);
    let page = host.run(|| Gitea::changes(event, from.map(str::to_owned), config()));
    let urls = host.requests().into_iter().map(|request| request.url);
    let short = |url: String| url.replace(API, "api:").replace(PAGES, "pages:");
    (page, urls.map(short).collect())
}

fn of_commits(count: u32, event: Event) -> Event {
    Event {
        total_commits: Some(count),
        ..event
    }
}

#[test]
fn each_event_is_asked_for_where_the_host_tells_it() {
    let zeros = "0".repeat(40);
    let (whole, newest) = (ChangeScope::Whole, ChangeScope::NewestCommit);
    let compare = "api:/compare/aaaa...bbbb?output=diff";
    let commit = "api:/git/commits/bbbb.diff";
    for (event, url, scope) in [
        (merge_request(7), "api:/pulls/7.diff", whole),
        (push("aaaa", "bbbb"), compare, whole),
        (of_commits(3, push("aaaa", "bbbb")), compare, whole),
        (of_commits(1, push("aaaa", "bbbb")), commit, whole),
        (
            of_commits(1, push(&zeros, "bbbb")),
            "api:/compare/main...bbbb?output=diff",
            whole,
        ),
        (
            Event {
                branch: Some("main".to_owned()),
                ..push(&zeros, "bbbb")
            },
            commit,
            newest,
        ),
        (
            Event {
                branch: None,
                tag: Some("v1".to_owned()),
                ..push(&zeros, "bbbb")
            },
            commit,
            newest,
        ),
    ] {
        let (page, urls) = ask(event, None, |_| Ok(response(200, DIFF)));
        let page = page.unwrap();
        assert_eq!(urls.last().map(String::as_str), Some(url));
        assert!(urls.len() == 1 || urls[0] == "api:/pulls/7", "{urls:?}");
        assert_eq!(
            (page.scope, page.next, page.truncated),
            (scope, None, false),
            "{url}"
        );
        assert_eq!(page.files[0].path, "src/a.rs");
    }
}

#[test]
fn a_deleted_ref_has_no_changes() {
    let (page, urls) = ask(push("aaaa", &"0".repeat(64)), None, |_| {
        panic!("nobody is to be asked")
    });
    assert!(page.unwrap().files.is_empty() && urls.is_empty());
}

/// In place of a diff.
fn commits() -> Response {
    json_response(
        200,
        &json!({"total_commits": 2, "commits": [{"sha": "bbbb"}]}),
    )
}

#[test]
fn an_older_server_has_its_comparison_among_the_pages() {
    for older in [commits(), response(404, "{}")] {
        let (page, urls) = ask(push("aaaa", "bbbb"), None, move |request| {
            let api = request.url.contains("output=diff");
            Ok(if api {
                older.clone()
            } else {
                response(200, DIFF)
            })
        });
        assert_eq!(page.unwrap().scope, ChangeScope::Whole);
        assert_eq!(urls[1], "pages:/compare/aaaa...bbbb.diff");
    }
}

#[test]
fn the_newest_commit_is_told_where_there_is_no_comparison() {
    for refusal in [
        commits(),
        response(404, "Not found.\n"),
        response(303, "").with_header("location", "/user/login"),
        response(200, "<!DOCTYPE html><title>Sign in</title>"),
        response(403, ""),
        response(500, "{\"message\": \"no merge base\"}"),
    ] {
        let (page, urls) = ask(push("aaaa", "bbbb"), None, move |request| {
            let compare = request.url.contains("/compare/");
            Ok(if compare {
                refusal.clone()
            } else {
                response(200, DIFF)
            })
        });
        let page = page.unwrap();
        assert_eq!(
            (page.scope, page.files.len()),
            (ChangeScope::NewestCommit, 1)
        );
        assert_eq!(urls[2], "api:/git/commits/bbbb.diff");
    }
    // An API that stands by itself says nothing of pages.
    let config = config_with(PAGES, "https://api.example.com/", "placeholder");
    let host = Host::new().http(|request| {
        let compare = request.url.contains("/compare/");
        Ok(if compare {
            commits()
        } else {
            response(200, DIFF)
        })
    });
    let page = host.run(|| Gitea::changes(push("aaaa", "bbbb"), None, config));
    assert_eq!(page.unwrap().scope, ChangeScope::NewestCommit);
    let url = &host.requests()[1].url;
    assert_eq!(
        url,
        "https://api.example.com/repos/company/app/git/commits/bbbb.diff"
    );
}

#[test]
fn a_merge_request_too_large_is_told_by_its_names() {
    let answer = |request: &Request| {
        if request.url.ends_with(".diff") {
            return Err(Error::TooLarge);
        }
        let more = request.url.contains("page=1&");
        let files = json!([
            {"filename": "new", "previous_filename": "old", "status": "renamed", "additions": 1, "deletions": 0},
            {"filename": "gone", "status": "deleted"}, {"filename": ""}, {},
        ]);
        Ok(json_response(200, &files).with_header("X-HasMore", more.to_string()))
    };
    let (page, urls) = ask(merge_request(7), None, answer);
    let page = page.unwrap();
    assert_eq!(
        urls[1..],
        ["api:/pulls/7.diff", "api:/pulls/7/files?page=1&limit=50"]
    );
    assert_eq!(page.next.as_deref(), Some("merge-request:2:50"));
    assert!(
        page.files
            .iter()
            .all(|file| file.omitted == Some(Omission::TooLarge))
    );
    assert_eq!(page.files[0].old_path.as_deref(), Some("old"));
    let (page, urls) = ask(merge_request(7), page.next.as_deref(), answer);
    assert_eq!(urls, ["api:/pulls/7/files?page=2&limit=50"]);
    assert_eq!(page.unwrap().next, None);
    // Older servers tell only the total.
    let (page, _) = ask(merge_request(7), Some("merge-request:1:50"), |_| {
        Ok(json_response(200, &json!([{"filename": "a"}])).with_header("x-total-count", "51"))
    });
    assert!(page.unwrap().next.is_some());
}

#[test]
fn a_full_page_has_another_after_it_when_nothing_says_otherwise() {
    let next = |count: usize| {
        let files = vec![json!({"filename": "a"}); count];
        let answer = json_response(200, &files);
        let part = Some("merge-request:1:50");
        let (page, _) = ask(merge_request(7), part, move |_| Ok(answer.clone()));
        page.unwrap().next
    };
    assert_eq!(next(50).as_deref(), Some("merge-request:2:50"));
    assert_eq!(next(49), None);
    assert_eq!(next(0), None);
}

#[test]
fn a_merge_request_with_newer_commits_has_other_files() {
    let changes = |sha: &'static str| {
        let answer = move |request: &Request| match request.url.ends_with("/pulls/7") {
            true => Ok(json_response(200, &json!({"head": {"sha": sha}}))),
            false => Ok(response(200, DIFF)),
        };
        ask(merge_request(7), None, answer).0
    };
    let newer = changes("dddd");
    assert!(matches!(&newer, Err(Failure::Rejected(reason)) if reason.contains("newer commits")));
    assert!(changes("cccc").is_ok());
}

#[test]
fn a_commit_too_large_is_told_by_its_names() {
    let (page, urls) = ask(
        of_commits(1, push("aaaa", "bbbb")),
        None,
        |request| match request.url.ends_with(".diff") {
            true => Err(Error::TooLarge),
            false => Ok(json_response(
                200,
                &json!({"sha": "bbbb", "files": [{"filename": "a", "status": "added"}]}),
            )),
        },
    );
    assert_eq!(urls[1], "api:/git/commits/bbbb");
    assert_eq!(page.unwrap().files[0].omitted, Some(Omission::TooLarge));
}

#[test]
fn a_part_that_nobody_gave_is_refused() {
    for (event, from) in [
        (merge_request(7), "commit:1:100"),
        (merge_request(7), "merge-request:0:50"),
        (push("aaaa", "bbbb"), "merge-request:2:50"),
        (push("aaaa", "bbbb"), "commit:2:100"),
    ] {
        let (page, _) = ask(event, Some(from), |_| panic!("nobody is to be asked"));
        assert!(matches!(page, Err(Failure::Rejected(_))), "{from}");
    }
}

#[test]
fn a_refusal_says_what_can_be_done() {
    let fail = |event: Event, answer: Response| {
        ask(event, None, move |_| Ok(answer.clone())).0.unwrap_err()
    };
    for status in [401, 403, 404] {
        let failure = fail(merge_request(7), response(status, "{}"));
        assert!(matches!(failure, Failure::Misconfigured(_)), "{status}");
    }
    for event in [merge_request(7), push("aaaa", "bbbb")] {
        for answer in [
            response(429, "").with_header("retry-after", "7"),
            response(502, "<html>"),
        ] {
            assert!(matches!(fail(event.clone(), answer), Failure::Retry(_)));
        }
    }
    assert!(matches!(
        fail(merge_request(7), response(200, "<html>")),
        Failure::Retry(_)
    ));
}

#[test]
fn no_answer_breaks_the_plugin() {
    for body in ["null", "{}", "[null]", "7", "[{\"filename\": 7}]"] {
        let (page, _) = ask(merge_request(7), Some("merge-request:1:50"), move |_| {
            Ok(response(200, body))
        });
        assert!(matches!(page, Err(Failure::Retry(_))), "{body}: {page:?}");
    }
}
