//! What a review decides.

use super::{asked, body, host, publish, review, sent};
use crate::tests::merge_request;
use push_notify_sdk::{
    Decision, Review,
    http::Method,
    testing::{forge, json_response, response},
};
use serde_json::json;

const OWN: &str = r#"{"message": "approve your own pull is not allowed", "url": "https://git.example.com/api/swagger"}"#;

#[test]
fn a_verdict_on_ones_own_is_only_a_comment() {
    let host = host(|request| {
        let verdict = request.url.ends_with("/reviews") && !request.text().contains("\"COMMENT\"");
        verdict.then(|| response(422, OWN))
    });
    let approved = Review {
        verdict: Some(Decision::Approved),
        ..review()
    };
    let published = publish(&host, merge_request(7), approved).unwrap();
    assert_eq!(
        (published.folded, published.problems),
        (Vec::new(), Vec::new())
    );
    assert_eq!(body(&host, 0)["event"], "APPROVED");
    assert_eq!(body(&host, 1)["event"], "COMMENT");
}

#[test]
fn without_a_verdict_our_earlier_ones_are_taken_back() {
    // What an approval of ours looks like.
    let approving = host(|_| None);
    let decided = |verdict| Review {
        verdict,
        comments: Vec::new(),
        summary: None,
        status: None,
        ..review()
    };
    let approved = decided(Some(Decision::Approved));
    publish(&approving, merge_request(7), approved).unwrap();
    let ours = sent(&approving)[0]["body"].clone();
    assert_eq!(forge::unmarked(ours.clone()), "Code review");

    let list = json!([
        {"id": 1, "state": "APPROVED", "body": "Well done."},
        {"id": 2, "state": "APPROVED", "body": ours},
        {"id": 3, "state": "REQUEST_CHANGES", "body": ours},
        {"id": 4, "state": "COMMENT", "body": ours},
        {"id": 5, "state": "APPROVED", "body": ours, "dismissed": true},
    ]);
    for status in [200, 403, 422] {
        let list = list.clone();
        let host = host(move |request| match request.method {
            Method::Get => Some(json_response(200, &list)),
            _ => Some(response(status, "{}")),
        });
        let comment = decided(Some(Decision::Comment));
        let published = publish(&host, merge_request(7), comment).unwrap();
        assert!(published.problems.is_empty(), "{published:?}");
        assert_eq!(asked(&host), ["POST /pulls/7/reviews/3/dismissals"]);
        assert_eq!(body(&host, 0)["priors"], true);
    }
    let none = host(|_| None);
    publish(&none, merge_request(7), decided(None)).unwrap();
    assert!(none.requests().is_empty());
}
