//! What a review leaves at the host.

mod again;
mod verdict;

use super::{API, config, config_with, merge_request, push};
use crate::Gitea;
use push_notify_sdk::{
    Decision, Event, Failure, Published, Review, Reviews,
    http::{Method, Response},
    testing::{Host, Request, forge, json_response, response},
};
use serde_json::{Value, json};

/// Made by `answer`, or what the host says to a sound request.
fn host(answer: impl Fn(&Request) -> Option<Response> + 'static) -> Host {
    Host::new().http(move |request| {
        Ok(answer(request).unwrap_or_else(|| json_response(201, &json!({"id": 55}))))
    })
}

fn publish(host: &Host, event: Event, review: Review) -> Result<Published, Failure> {
    host.run(|| Gitea::publish(event, review, config()))
}

fn review() -> Review {
    forge::review("cccc")
}

/// Method and path of each request.
fn requests(host: &Host) -> Vec<String> {
    forge::asked(host, API)
}

/// Of each that changed something.
fn asked(host: &Host) -> Vec<String> {
    let mut asked = requests(host);
    asked.retain(|request| !request.starts_with("GET "));
    asked
}

/// What each of those sent.
fn sent(host: &Host) -> Vec<Value> {
    forge::sent_marked(host, API, |name| !name.starts_with("GET "))
}

/// The same without the marks by which what is ours is known again.
fn body(host: &Host, at: usize) -> Value {
    forge::sent(host, API, |name| !name.starts_with("GET ")).remove(at)
}

#[test]
fn a_review_is_comments_a_summary_and_a_status() {
    let host = host(|_| None);
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("55"));
    assert!(published.folded.is_empty() && published.problems.is_empty());
    assert_eq!(
        asked(&host),
        [
            "POST /pulls/7/reviews",
            "POST /issues/7/comments",
            "POST /statuses/cccc"
        ]
    );
    assert_eq!(
        body(&host, 0),
        json!({
            "commit_id": "cccc", "event": "COMMENT", "body": "",
            "comments": [
                {"path": "src/a.rs", "new_position": 1, "old_position": 0, "body": "about line 1"},
                {"path": "src/a.rs", "new_position": 9, "old_position": 0, "body": "about line 9"},
            ],
        })
    );
    assert_eq!(body(&host, 1), json!({"body": "Sum."}));
    assert_eq!(
        body(&host, 2),
        json!({
            "state": "success", "context": "push-notify/review", "description": "80 of 100",
            "target_url": "https://push.example.com/reviews/1",
        })
    );
    for request in host.requests() {
        assert_eq!(request.header("authorization"), Some("token placeholder"));
    }
}

#[test]
fn only_what_is_wanted_is_posted() {
    let nothing = || Review {
        summary: None,
        comments: Vec::new(),
        status: None,
        ..review()
    };
    for event in [merge_request(7), push("aaaa", "bbbb")] {
        let host = host(|_| None);
        assert_eq!(publish(&host, event, nothing()), Ok(Published::default()));
        assert!(host.requests().is_empty());
    }
}

#[test]
fn a_refused_line_is_not_lost_where_no_summary_is_wanted() {
    let host = host(|request| {
        let refused =
            request.url.ends_with("/reviews") || request.url.ends_with("/pulls/7/comments");
        (request.method == Method::Post && refused).then(|| response(422, "{}"))
    });
    let review = Review {
        summary: None,
        status: None,
        ..review()
    };
    let published = publish(&host, merge_request(7), review).unwrap();
    assert_eq!(published.folded, [0, 1]);
    assert_eq!(published.summary.as_deref(), Some("55"));
    let last = asked(&host).len() - 1;
    assert_eq!(asked(&host)[last], "POST /issues/7/comments");
    let text = "- `src/a.rs:1` about line 1\n- `src/a.rs:9` about line 9";
    assert_eq!(body(&host, last), json!({ "body": text }));
}

#[test]
fn what_is_refused_as_one_is_posted_one_by_one() {
    let host = host(|request| {
        let text = request.text();
        let refused = request.url.ends_with("/reviews") && text.contains("\"new_position\":9");
        refused.then(|| response(422, "{}"))
    });
    let review = Review {
        verdict: Some(Decision::RequestChanges),
        ..review()
    };
    let published = publish(&host, merge_request(7), review).unwrap();
    assert_eq!(published.folded, [1]);
    let events: Vec<(Value, usize)> = (0..4)
        .map(|at| body(&host, at))
        .map(|body| {
            (
                body["event"].clone(),
                body["comments"].as_array().unwrap().len(),
            )
        })
        .collect();
    let expected = [
        ("REQUEST_CHANGES", 2),
        ("COMMENT", 1),
        ("COMMENT", 1),
        ("REQUEST_CHANGES", 0),
    ];
    assert_eq!(
        events,
        expected.map(|(event, comments)| (json!(event), comments))
    );
    assert_eq!(body(&host, 3)["body"], "80 of 100");
    assert!(body(&host, 4)["body"].to_string().contains("src/a.rs:9"));
}

#[test]
fn a_push_has_a_status_and_no_place_for_words() {
    let host = host(|_| None);
    let review = Review {
        head_sha: "bbbb".to_owned(),
        ..review()
    };
    let published = publish(&host, push("aaaa", "bbbb"), review).unwrap();
    assert_eq!(asked(&host), ["POST /statuses/bbbb"]);
    assert_eq!((published.summary, published.folded), (None, vec![0, 1]));
    assert_eq!(
        published.problems,
        ["summary: the host has no comments on commits"]
    );
}

#[test]
fn what_fails_for_good_does_not_stop_the_rest() {
    let host = host(|request| {
        request
            .url
            .ends_with("/reviews")
            .then(|| response(403, "{}"))
    });
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.problems.len(), 1);
    assert_eq!(published.folded, [0, 1]);
    assert!(body(&host, 1)["body"].to_string().contains("about line 9"));
    assert_eq!(asked(&host).len(), 3);
}

#[test]
fn without_a_token_nothing_is_tried() {
    let host = host(|_| None);
    let config = config_with("https://git.example.com/company/app", "", "");
    let published = host.run(|| Gitea::publish(merge_request(7), review(), config));
    assert!(matches!(published, Err(Failure::Misconfigured(_))));
    assert!(host.requests().is_empty());
}
