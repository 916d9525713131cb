use super::{API, config};
use crate::Bitbucket;
use push_notify_sdk::{
    ChangePage, ChangeScope, ChangeStatus, Changes, Event, Failure, Omission,
    http::{Error, Response},
    testing::{Host, class, forge, json_response, merge_request, push, response},
};
use serde_json::{Value, json};

const DIFF: &str = "diff --git a/src/a.rs b/src/a.rs\nindex 1..2 100644\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1 +1 @@\n-a\n+b\n";

type Answers = Vec<(&'static str, Result<Response, Error>)>;

/// The page, and what was asked for.
fn ask(
    event: Event,
    from: Option<&str>,
    list: Answers,
) -> (Result<ChangePage, Failure>, Vec<String>) {
    let mut answer = forge::answers(list, API);
    let host = Host::new().http(move |request| answer(request).unwrap_or(Ok(response(404, "{}"))));
    let page = host.run(|| Bitbucket::changes(event, from.map(str::to_owned), config()));
    (page, forge::asked(&host, API))
}

fn to(address: &str) -> Result<Response, Error> {
    Ok(response(302, "").with_header("location", address))
}

fn diffstat(next: Option<&str>) -> Result<Response, Error> {
    let mut page = json!({"pagelen": 100, "values": [
        {"type": "diffstat", "status": "renamed", "old": {"path": "a.rs"}, "new": {"path": "b.rs"},
            "lines_added": 3, "lines_removed": 1},
        {"type": "diffstat", "status": "removed", "old": {"path": "gone.rs"}, "new": null,
            "lines_added": 0, "lines_removed": 9},
        {"status": "merge conflict"},
    ]});
    page["next"] = next.map_or(Value::Null, Value::from);
    Ok(json_response(200, &page))
}

#[test]
fn a_merge_request_is_told_where_the_host_sends_on_to() {
    let there = "/diff/company/app:cccc%0Daaaa?from_pullrequest_id=7";
    let address = format!("{API}{there}");
    let name = "GET /diff/company/app:cccc%0Daaaa?from_pullrequest_id=7";
    let (page, asked) = ask(
        merge_request(7, "cccc"),
        None,
        vec![
            ("GET /pullrequests/7/diff", to(&address)),
            (name, Ok(response(200, DIFF))),
        ],
    );
    let page = page.unwrap();
    assert_eq!(
        (page.files[0].path.as_str(), page.scope),
        ("src/a.rs", ChangeScope::Whole)
    );
    assert_eq!(
        asked,
        ["GET /pullrequests/7", "GET /pullrequests/7/diff", name]
    );
}

#[test]
fn nobody_is_sent_elsewhere_with_the_token() {
    for address in [
        "https://evil.example.com/diff",
        "https://api.bitbucket.org/2.0/repositories/company/app-2/diff",
        "https://api.bitbucket.org/2.0/repositories/company/app/../other/diff/x",
        "/diff",
    ] {
        let list = vec![("GET /pullrequests/7/diff", to(address))];
        let (page, asked) = ask(merge_request(7, "cccc"), None, list);
        assert_eq!(class(&page), "misconfigured", "{address}");
        assert_eq!(asked.len(), 2, "{asked:?}");
    }
}

#[test]
fn what_is_too_large_is_told_in_pages_of_names() {
    let stat = "GET /pullrequests/7/diffstat";
    let (first, asked) = ask(
        merge_request(7, "cccc"),
        None,
        vec![
            ("GET /pullrequests/7/diff", Err(Error::TooLarge)),
            (stat, to(&format!("{API}/diffstat/x?topic=true"))),
            (
                "GET /diffstat/x?topic=true&page=1&pagelen=100",
                diffstat(Some("https://next")),
            ),
        ],
    );
    let first = first.unwrap();
    assert_eq!(first.next.as_deref(), Some("merge-request:2:100"));
    let [renamed, removed] = &first.files[..] else {
        panic!("{:?}", first.files)
    };
    assert_eq!(
        (renamed.old_path.as_deref(), renamed.status),
        (Some("a.rs"), ChangeStatus::Renamed)
    );
    assert_eq!(
        (&*removed.path, removed.status),
        ("gone.rs", ChangeStatus::Removed)
    );
    assert_eq!(removed.omitted, Some(Omission::TooLarge));
    assert_eq!(asked.len(), 4);
    let (last, _) = ask(
        merge_request(7, "cccc"),
        first.next.as_deref(),
        vec![
            (stat, to(&format!("{API}/diffstat/x"))),
            ("GET /diffstat/x?page=2&pagelen=100", diffstat(None)),
        ],
    );
    assert_eq!(last.unwrap().next, None);
}

#[test]
fn a_push_is_compared_with_what_was_there() {
    let zeros = "0".repeat(40);
    let between = "GET /diff/bbbb..aaaa?topic=true";
    for (event, name, scope) in [
        (push("aaaa", "bbbb"), between, ChangeScope::Whole),
        (
            push(&zeros, "bbbb"),
            "GET /diff/bbbb..main?topic=true",
            ChangeScope::Whole,
        ),
        (
            Event {
                branch: Some("main".to_owned()),
                ..push(&zeros, "bbbb")
            },
            "GET /diff/bbbb",
            ChangeScope::NewestCommit,
        ),
    ] {
        let (page, asked) = ask(event, None, vec![(name, Ok(response(200, DIFF)))]);
        assert_eq!(
            (page.unwrap().scope, &asked[..]),
            (scope, &[name.to_owned()][..])
        );
    }
    // After a forced push.
    let newest = ("GET /diff/bbbb", Ok(response(200, DIFF)));
    let (page, asked) = ask(push("aaaa", "bbbb"), None, vec![newest]);
    assert_eq!(page.unwrap().scope, ChangeScope::NewestCommit);
    assert_eq!(asked, [between, "GET /diff/bbbb"]);
    let large = vec![
        (between, Err(Error::TooLarge)),
        (
            "GET /diffstat/bbbb..aaaa?topic=true&pagelen=100",
            diffstat(Some("https://next")),
        ),
    ];
    let page = ask(push("aaaa", "bbbb"), None, large).0.unwrap();
    assert_eq!((page.files.len(), page.truncated), (2, true));
}

#[test]
fn newer_commits_are_another_event() {
    let newer = json!({"source": {"commit": {"hash": "dddd"}}});
    let list = vec![("GET /pullrequests/7", Ok(json_response(200, &newer)))];
    let (page, _) = ask(merge_request(7, "cccc"), None, list);
    assert_eq!(class(&page), "rejected");
}
