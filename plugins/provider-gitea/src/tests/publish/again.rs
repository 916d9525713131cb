//! What is posted when a review is shown again.

use super::{asked, host, publish, requests, review, sent};
use crate::tests::merge_request;
use push_notify_sdk::{
    Failure, Review,
    http::Method,
    testing::{json_response, response},
};
use serde_json::{Value, json};
use std::cell::Cell;

#[test]
fn after_a_crash_nothing_is_repeated() {
    let before = host(|_| None);
    publish(&before, merge_request(7), review()).unwrap();
    let sent = sent(&before);
    let remark = |body: &Value| json!({"id": 7, "body": body});
    let at_lines = sent[0]["comments"].as_array().unwrap();
    let at_lines: Vec<Value> = at_lines.iter().map(|one| remark(&one["body"])).collect();
    let summaries = json!([{"id": 8, "body": "Well done."}, {"id": 41, "body": sent[1]["body"]}]);
    let reviews = json!([
        {"id": 1, "body": "", "commit_id": "bbbb"}, {"id": 2, "body": "", "commit_id": "cccc"},
    ]);
    let host = host(move |request| {
        let list = match request.url.rsplit_once("/7/") {
            Some((_, "reviews/2/comments")) => json!(at_lines),
            Some((_, "reviews?limit=50")) => reviews.clone(),
            Some((_, "comments")) => summaries.clone(),
            _ => json!([]),
        };
        (request.method == Method::Get).then(|| json_response(200, &list))
    });
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("41"));
    assert_eq!(
        requests(&host),
        [
            "GET /pulls/7/reviews?limit=50",
            "GET /pulls/7/reviews/2/comments",
            "GET /issues/7/comments",
            "PATCH /issues/comments/41",
            "POST /statuses/cccc"
        ]
    );
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
}

#[test]
fn a_repeated_call_posts_what_is_missing() {
    let broken = Cell::new(true);
    let host = host(move |request| {
        let fails = request.url.contains("/statuses/") && broken.replace(false);
        fails.then(|| response(503, ""))
    });
    let first = publish(&host, merge_request(7), review());
    assert!(matches!(first, Err(Failure::Retry(_))));
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("55"));
    assert_eq!(
        asked(&host)[3..],
        ["PATCH /issues/comments/55", "POST /statuses/cccc"]
    );
}
