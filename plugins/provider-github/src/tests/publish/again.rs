//! What is posted when a review is shown again.

use super::{LINE, asked, body, host, publish, requests, review, sent};
use crate::tests::merge_request;
use push_notify_sdk::{
    Decision, Failure, Review,
    http::Method,
    testing::{Host, forge::comment, json_response, response},
};
use serde_json::{Value, json};
use std::cell::Cell;

/// A GitHub where this review went out by an engine that has forgotten it: what it shows at lines,
/// and on the whole.
fn after_a_crash() -> (Value, Value) {
    let before = host(|_| None);
    publish(&before, merge_request(7), review()).unwrap();
    let sent = sent(&before);
    let remark = |id: u64, body: &Value| json!({"id": id, "body": body});
    let at_lines = sent[0]["comments"].as_array().unwrap();
    let at_lines: Vec<Value> = at_lines.iter().map(|one| remark(7, &one["body"])).collect();
    let summaries = [
        remark(8, &json!("Well done.")),
        remark(41, &sent[1]["body"]),
        // Somebody quotes it.
        remark(42, &sent[1]["body"]),
    ];
    (json!(at_lines), json!(summaries))
}

fn showing(at_lines: Value, summaries: Value) -> Host {
    host(
        move |request| match (request.method, request.url.contains("/pulls/")) {
            (Method::Get, true) => Some(json_response(200, &at_lines)),
            (Method::Get, false) => Some(json_response(200, &summaries)),
            _ => None,
        },
    )
}

#[test]
fn after_a_crash_nothing_is_repeated() {
    let (at_lines, summaries) = after_a_crash();
    let host = showing(at_lines, summaries);
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("41"));
    assert!(published.folded.is_empty());
    assert_eq!(
        requests(&host),
        [
            "GET /pulls/7/comments?sort=created&direction=desc&per_page=100",
            "GET /issues/7/comments?per_page=100&page=1",
            "PATCH /issues/comments/41",
            "POST /statuses/cccc"
        ]
    );
}

#[test]
fn after_a_crash_what_is_missing_is_posted() {
    let (mut at_lines, _) = after_a_crash();
    at_lines.as_array_mut().unwrap().remove(0);
    let host = showing(at_lines.clone(), json!([]));
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("55"));
    assert_eq!(asked(&host)[0], "POST /pulls/7/comments");
    assert_eq!(body(&host, 0)["line"], 1);

    // What was said of another commit is not what is to be said of this one.
    let host = showing(at_lines, json!([]));
    let newer = Review {
        head_sha: "dddd".to_owned(),
        ..review()
    };
    publish(&host, merge_request(7), newer).unwrap();
    assert_eq!(asked(&host)[0], "POST /pulls/7/reviews");
}

#[test]
fn the_newest_comments_are_on_the_last_page() {
    let (_, summaries) = after_a_crash();
    let link = r#"<https://api.github.com/x?per_page=100&page=2>; rel="next", <https://api.github.com/x?per_page=100&page=4>; rel="last""#;
    let host = host(move |request| {
        let is_last = request
            .url
            .ends_with("/issues/7/comments?per_page=100&page=4");
        let page = if is_last {
            summaries.clone()
        } else {
            json!([])
        };
        (request.method == Method::Get).then(|| json_response(200, &page).with_header("link", link))
    });
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("41"));
}

#[test]
fn another_verdict_does_not_repeat_the_comments() {
    let host = host(|_| None);
    publish(&host, merge_request(7), review()).unwrap();
    let before = asked(&host).len();
    let approved = Review {
        verdict: Some(Decision::Approved),
        ..review()
    };
    publish(&host, merge_request(7), approved).unwrap();
    assert_eq!(body(&host, before)["event"], "APPROVE");
    assert_eq!(body(&host, before)["comments"], json!([]));
}

#[test]
fn an_earlier_summary_is_replaced_while_it_is_there() {
    let with_earlier = || Review {
        earlier: Some("41".to_owned()),
        comments: Vec::new(),
        status: None,
        ..review()
    };
    let present = host(|_| None);
    let published = publish(&present, merge_request(7), with_earlier()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("41"));
    assert_eq!(asked(&present), ["PATCH /issues/comments/41"]);

    let gone = host(|request| request.url.ends_with("/41").then(|| response(404, "{}")));
    let published = publish(&gone, merge_request(7), with_earlier()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("55"));
    assert_eq!(asked(&gone)[1], "POST /issues/7/comments");

    // What is no id is none of GitHub's.
    let odd = Review {
        earlier: Some("../../1".to_owned()),
        ..with_earlier()
    };
    let host = host(|_| None);
    publish(&host, merge_request(7), odd).unwrap();
    assert_eq!(asked(&host), ["POST /issues/7/comments"]);
}

#[test]
fn a_repeated_call_posts_what_is_missing() {
    for (failing, again) in [
        (
            "/statuses/",
            vec!["PATCH /issues/comments/55", "POST /statuses/cccc"],
        ),
        (
            "/issues/7/comments",
            vec!["POST /issues/7/comments", "POST /statuses/cccc"],
        ),
        (
            "/pulls/7/reviews",
            vec![
                "POST /pulls/7/reviews",
                "POST /issues/7/comments",
                "POST /statuses/cccc",
            ],
        ),
    ] {
        let broken = Cell::new(true);
        let host = host(move |request| {
            let fails = request.url.contains(failing) && broken.replace(false);
            fails.then(|| response(503, "").with_header("retry-after", "5"))
        });
        let first = publish(&host, merge_request(7), review());
        assert!(
            matches!(&first, Err(Failure::Retry(retry)) if retry.after_ms == Some(5000)),
            "{first:?}"
        );
        let before = asked(&host).len();
        let published = publish(&host, merge_request(7), review()).unwrap();
        assert_eq!(published.summary.as_deref(), Some("55"));
        assert_eq!(asked(&host)[before..], again, "{failing}");
    }
}

#[test]
fn singly_posted_comments_are_not_repeated_either() {
    let limited = Cell::new(true);
    let host = host(move |request| {
        let last = request.text().contains("\"line\":9");
        if request.url.ends_with("/reviews") {
            return Some(response(422, LINE));
        }
        (request.url.ends_with("/pulls/7/comments") && last && limited.replace(false))
            .then(|| response(429, ""))
    });
    assert!(matches!(
        publish(&host, merge_request(7), review()),
        Err(Failure::Retry(_))
    ));
    let before = asked(&host).len();
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert!(published.folded.is_empty());
    assert_eq!(
        asked(&host)[before..],
        [
            "POST /pulls/7/comments",
            "POST /issues/7/comments",
            "POST /statuses/cccc"
        ]
    );
}

#[test]
fn another_outcome_for_the_same_commit_is_posted() {
    let host = host(|_| None);
    publish(&host, merge_request(7), review()).unwrap();
    let before = asked(&host).len();
    let again = Review {
        comments: vec![comment(3)],
        ..review()
    };
    publish(&host, merge_request(7), again).unwrap();
    assert_eq!(asked(&host)[before], "POST /pulls/7/reviews");
}
