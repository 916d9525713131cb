//! What a review decides at GitHub.

use super::{asked, body, host, publish, review, sent};
use crate::tests::merge_request;
use push_notify_sdk::{
    Decision, Review,
    http::Method,
    testing::{Request, forge, json_response, response},
};
use serde_json::json;

const OWN: &str =
    r#"{"message": "Unprocessable Entity", "errors": ["Can not approve your own pull request"]}"#;

#[test]
fn a_verdict_goes_with_the_comments() {
    for (decision, event) in [
        (Decision::Approved, "APPROVE"),
        (Decision::RequestChanges, "REQUEST_CHANGES"),
    ] {
        let host = host(|_| None);
        publish(
            &host,
            merge_request(7),
            Review {
                verdict: Some(decision),
                ..review()
            },
        )
        .unwrap();
        assert_eq!(body(&host, 0)["event"], event);
        assert_eq!(asked(&host).len(), 3);
    }
}

#[test]
fn a_verdict_on_ones_own_is_only_a_comment() {
    let own = |request: &Request| {
        (request.url.ends_with("/reviews") && !request.text().contains("\"COMMENT\""))
            .then(|| response(422, OWN))
    };
    let approved = || Review {
        verdict: Some(Decision::Approved),
        ..review()
    };
    let with_comments = host(own);
    let published = publish(&with_comments, merge_request(7), approved()).unwrap();
    assert_eq!(
        (published.folded, published.problems),
        (Vec::new(), Vec::new())
    );
    assert_eq!(body(&with_comments, 1)["event"], "COMMENT");

    let without = host(own);
    publish(
        &without,
        merge_request(7),
        Review {
            comments: Vec::new(),
            ..approved()
        },
    )
    .unwrap();
    assert_eq!(
        asked(&without),
        [
            "POST /pulls/7/reviews",
            "POST /issues/7/comments",
            "POST /statuses/cccc"
        ]
    );
}

#[test]
fn a_verdict_survives_a_refused_line() {
    let host = host(|request| {
        let refused = request.url.ends_with("/reviews") && request.text().contains("\"line\"");
        refused.then(|| response(422, super::LINE))
    });
    let review = Review {
        verdict: Some(Decision::RequestChanges),
        ..review()
    };
    let published = publish(&host, merge_request(7), review).unwrap();
    assert!(published.folded.is_empty() && published.problems.is_empty());
    assert_eq!(body(&host, 3)["event"], "REQUEST_CHANGES");
    assert_eq!(body(&host, 3)["comments"], json!([]));
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
        {"id": 3, "state": "CHANGES_REQUESTED", "body": ours},
        {"id": 4, "state": "COMMENTED", "body": ours},
        {"id": 5, "state": "DISMISSED", "body": ours},
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
        let all = [
            "PUT /pulls/7/reviews/3/dismissals",
            "PUT /pulls/7/reviews/2/dismissals",
        ];
        let asked_for = if status == 200 { &all[..] } else { &all[..1] };
        assert_eq!(asked(&host), asked_for);
    }
    let none = host(|_| None);
    publish(&none, merge_request(7), decided(None)).unwrap();
    assert!(none.requests().is_empty());
}
