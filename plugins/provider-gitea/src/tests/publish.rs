use super::{API, config, config_with, merge_request, push};
use crate::Gitea;
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Provider, Published, Review, ReviewComment,
    StatusState,
    http::{Method, Response},
    testing::{Host, Request, json_response, response},
};
use serde_json::{Value, json};
use std::cell::Cell;

const OWN: &str = r#"{"message": "approve your own pull is not allowed", "url": "https://git.example.com/api/swagger"}"#;

fn comment(line: u32) -> ReviewComment {
    ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line,
        old_line: None,
        position: line,
        body: format!("about line {line}"),
    }
}

fn review() -> Review {
    Review {
        head_sha: "cccc".to_owned(),
        decision: Decision::Comment,
        score: Some(80),
        summary: Some("Sum.".to_owned()),
        earlier: None,
        comments: vec![comment(1), comment(9)],
        status: Some(CommitStatus {
            state: StatusState::Success,
            description: "80 of 100".to_owned(),
            url: Some("https://push.example.com/reviews/1".to_owned()),
        }),
    }
}

/// Made by `answer`, or what the host says to a sound request.
fn host(answer: impl Fn(&Request) -> Option<Response> + 'static) -> Host {
    Host::new().http(move |request| {
        Ok(answer(request).unwrap_or_else(|| json_response(201, &json!({"id": 55}))))
    })
}

fn publish(host: &Host, event: Event, review: Review) -> Result<Published, Failure> {
    host.run(|| Gitea::publish_review(event, review, config()))
}

/// Method and path of each request.
fn asked(host: &Host) -> Vec<String> {
    let asked = |request: Request| {
        let path = request.url.strip_prefix(API).expect("below the repository");
        format!("{} {path}", method(request.method))
    };
    host.requests().into_iter().map(asked).collect()
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Post => "POST",
        Method::Patch => "PATCH",
        _ => "another method",
    }
}

fn body(host: &Host, at: usize) -> Value {
    host.requests()[at].json()
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
fn what_is_refused_as_one_is_posted_one_by_one() {
    let host = host(|request| {
        let text = request.text();
        let refused = request.url.ends_with("/reviews") && text.contains("\"new_position\":9");
        refused.then(|| response(422, "{}"))
    });
    let review = Review {
        decision: Decision::RequestChanges,
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
fn a_verdict_on_ones_own_is_only_a_comment() {
    let host = host(|request| {
        let verdict = request.url.ends_with("/reviews") && !request.text().contains("\"COMMENT\"");
        verdict.then(|| response(422, OWN))
    });
    let approved = Review {
        decision: Decision::Approved,
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

#[test]
fn without_a_token_nothing_is_tried() {
    let host = host(|_| None);
    let config = config_with("https://git.example.com/company/app", "", "");
    let published = host.run(|| Gitea::publish_review(merge_request(7), review(), config));
    assert!(matches!(published, Err(Failure::Misconfigured(_))));
    assert!(host.requests().is_empty());
}
