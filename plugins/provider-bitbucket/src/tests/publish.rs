//! What a review leaves at the host.

use super::{API, config};
use crate::Bitbucket;
use push_notify_sdk::{
    Decision, Event, Failure, Published, Review, Reviews,
    http::{Method, Response},
    testing::{Host, Request, forge, json_response, merge_request, push, response},
};
use serde_json::{Value, json};

fn host(answer: impl Fn(&Request) -> Option<Response> + 'static) -> Host {
    Host::new().http(move |request| {
        Ok(answer(request).unwrap_or_else(|| json_response(201, &json!({"id": 55}))))
    })
}

fn publish(host: &Host, event: Event, review: Review) -> Result<Published, Failure> {
    host.run(|| Bitbucket::publish(event, review, config()))
}

fn asked(host: &Host) -> Vec<String> {
    let mut asked = forge::asked(host, API);
    asked.retain(|request| !request.starts_with("GET "));
    asked
}

fn sent(host: &Host) -> Vec<Value> {
    forge::sent(host, API, |name| {
        name.starts_with("POST ") || name.starts_with("PUT ")
    })
}

#[test]
fn a_review_is_comments_a_summary_and_a_build_status() {
    let host = host(|_| None);
    let published = publish(&host, merge_request(7, "cccc"), forge::review("cccc")).unwrap();
    assert_eq!(published.summary.as_deref(), Some("55"));
    assert!(published.folded.is_empty() && published.problems.is_empty());
    let comments = "POST /pullrequests/7/comments";
    assert_eq!(
        asked(&host),
        [
            comments,
            comments,
            comments,
            "POST /commit/cccc/statuses/build"
        ]
    );
    let at = |line: u32| {
        json!({
            "content": {"raw": format!("about line {line}")},
            "inline": {"path": "src/a.rs", "to": line},
        })
    };
    let status = json!({
        "key": "push-notify/review", "name": "push-notify/review", "state": "SUCCESSFUL",
        "description": "80 of 100", "url": "https://push.example.com/reviews/1",
    });
    let expected = [at(1), at(9), json!({"content": {"raw": "Sum."}}), status];
    assert_eq!(sent(&host), expected);
}

#[test]
fn what_is_there_is_known_again() {
    let first = host(|_| None);
    publish(&first, merge_request(7, "cccc"), forge::review("cccc")).unwrap();
    let said = forge::sent_marked(&first, API, |name| name.ends_with("/comments"));
    let said = said.into_iter().rev().enumerate();
    let values: Vec<Value> = said
        .map(|(at, body)| json!({"id": 70 + at, "content": body["content"], "deleted": false}))
        .collect();
    let list = json!({ "values": values });
    // After a crash nothing is remembered.
    let second =
        host(move |request| (request.method == Method::Get).then(|| json_response(200, &list)));
    let published = publish(&second, merge_request(7, "cccc"), forge::review("cccc")).unwrap();
    assert_eq!(published.summary.as_deref(), Some("70"));
    assert_eq!(
        asked(&second),
        [
            "PUT /pullrequests/7/comments/70",
            "POST /commit/cccc/statuses/build"
        ]
    );
}

#[test]
fn a_refused_line_goes_into_the_summary() {
    let host = host(|request| {
        let refused = request.text().contains("inline");
        refused.then(|| response(400, r#"{"error": {"message": "no such line"}}"#))
    });
    let published = publish(&host, merge_request(7, "cccc"), forge::review("cccc")).unwrap();
    assert_eq!(published.folded, [0, 1]);
    let summary = sent(&host).remove(2)["content"]["raw"].to_string();
    assert!(summary.contains("src/a.rs:9"), "{summary}");
}

#[test]
fn a_verdict_is_given_and_taken_back() {
    for (verdict, expected) in [
        (Decision::Approved, &["POST /pullrequests/7/approve"][..]),
        (
            Decision::RequestChanges,
            &["POST /pullrequests/7/request-changes"],
        ),
        (
            Decision::Comment,
            &[
                "DELETE /pullrequests/7/request-changes",
                "DELETE /pullrequests/7/approve",
            ],
        ),
    ] {
        let host = host(|request| (request.method == Method::Delete).then(|| response(404, "{}")));
        let review = Review {
            verdict: Some(verdict),
            summary: None,
            comments: Vec::new(),
            status: None,
            ..forge::review("cccc")
        };
        publish(&host, merge_request(7, "cccc"), review).unwrap();
        assert_eq!(asked(&host), expected);
    }
}

#[test]
fn a_push_has_a_comment_at_its_commit_that_a_later_review_replaces() {
    let host = host(|_| None);
    let published = publish(&host, push("aaaa", "bbbb"), forge::review("bbbb")).unwrap();
    assert_eq!(
        (published.summary.as_deref(), &published.folded[..]),
        (Some("55"), &[0, 1][..])
    );
    assert_eq!(
        asked(&host),
        [
            "POST /commit/bbbb/comments",
            "POST /commit/bbbb/statuses/build"
        ]
    );
    let again = Review {
        earlier: Some("55".to_owned()),
        status: None,
        ..forge::review("bbbb")
    };
    publish(&host, push("aaaa", "bbbb"), again).unwrap();
    assert_eq!(asked(&host)[2], "PUT /commit/bbbb/comments/55");
}

#[test]
fn a_status_always_has_an_address() {
    let host = host(|_| None);
    let mut review = forge::review("cccc");
    review.status.as_mut().unwrap().url = None;
    publish(&host, merge_request(7, "cccc"), review).unwrap();
    let url = &sent(&host)[3]["url"];
    assert_eq!(url, "https://bitbucket.org/company/app/commits/cccc");
}
