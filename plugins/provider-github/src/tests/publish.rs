use super::{API, config, config_with, merge_request, push};
use crate::Github;
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Provider, Published, Review, ReviewComment,
    StatusState,
    http::{Method, Response},
    testing::{Host, Request, json_response, response},
};
use serde_json::{Value, json};
use std::cell::Cell;

const OWN: &str =
    r#"{"message": "Unprocessable Entity", "errors": ["Can not approve your own pull request"]}"#;
const LINE: &str =
    r#"{"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}"#;

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

/// Made by `answer`, or what GitHub says to a sound request.
fn host(answer: impl Fn(&Request) -> Option<Response> + 'static) -> Host {
    Host::new().http(move |request| {
        Ok(answer(request).unwrap_or_else(|| json_response(201, &json!({"id": 55}))))
    })
}

fn publish(host: &Host, event: Event, review: Review) -> Result<Published, Failure> {
    host.run(|| Github::publish_review(event, review, config()))
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
            "commit_id": "cccc", "event": "COMMENT", "body": "80 of 100",
            "comments": [
                {"path": "src/a.rs", "line": 1, "side": "RIGHT", "body": "about line 1"},
                {"path": "src/a.rs", "line": 9, "side": "RIGHT", "body": "about line 9"},
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
        assert_eq!(request.header("authorization"), Some("Bearer placeholder"));
        assert_eq!(request.header("x-github-api-version"), Some("2022-11-28"));
    }
}

#[test]
fn only_what_is_wanted_is_posted() {
    let host = host(|_| None);
    let nothing = Review {
        summary: None,
        comments: Vec::new(),
        status: None,
        ..review()
    };
    assert_eq!(
        publish(&host, merge_request(7), nothing),
        Ok(Published::default())
    );
    assert!(host.requests().is_empty());
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
fn a_refused_line_is_folded_into_the_summary() {
    let host = host(|request| {
        let whole = request.url.ends_with("/reviews");
        let single =
            request.url.ends_with("/pulls/7/comments") && request.text().contains("\"line\":9");
        (whole || single).then(|| response(422, LINE))
    });
    let published = publish(&host, merge_request(7), review()).unwrap();
    assert_eq!(published.folded, [1]);
    assert!(published.problems.is_empty(), "{:?}", published.problems);
    assert_eq!(
        asked(&host)[1..4],
        [
            "POST /pulls/7/comments",
            "POST /pulls/7/comments",
            "POST /issues/7/comments"
        ]
    );
    assert_eq!(body(&host, 1)["commit_id"], "cccc");
    let summary = body(&host, 3)["body"].to_string();
    assert!(
        summary.contains("src/a.rs:9") && !summary.contains("src/a.rs:1`"),
        "{summary}"
    );
}

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
                decision,
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
        decision: Decision::Approved,
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
        refused.then(|| response(422, LINE))
    });
    let review = Review {
        decision: Decision::RequestChanges,
        ..review()
    };
    let published = publish(&host, merge_request(7), review).unwrap();
    assert!(published.folded.is_empty() && published.problems.is_empty());
    assert_eq!(body(&host, 3)["event"], "REQUEST_CHANGES");
    assert_eq!(body(&host, 3)["comments"], json!([]));
}

#[test]
fn what_fails_for_good_does_not_stop_the_rest() {
    let refused = host(|request| {
        request
            .url
            .contains("/statuses/")
            .then(|| response(403, "{}"))
    });
    let published = publish(&refused, merge_request(7), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("55"));
    assert_eq!(published.problems.len(), 1);
    assert!(
        published.problems[0].starts_with("commit status: "),
        "{:?}",
        published.problems
    );

    let mute = host(|_| Some(response(403, "{}")));
    let published = publish(&mute, merge_request(7), review()).unwrap();
    assert_eq!(published.problems.len(), 3);
    assert_eq!(published.folded, [0, 1]);
    assert_eq!(published.summary, None);
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

#[test]
fn a_push_has_a_comment_on_its_commit() {
    let host = host(|_| None);
    let review = Review {
        head_sha: "bbbb".to_owned(),
        ..review()
    };
    let published = publish(&host, push("aaaa", "bbbb"), review).unwrap();
    assert_eq!(
        asked(&host),
        ["POST /commits/bbbb/comments", "POST /statuses/bbbb"]
    );
    assert_eq!(published.folded, [0, 1]);
    let summary = body(&host, 0)["body"].to_string();
    assert!(
        summary.contains("src/a.rs:1") && summary.contains("about line 9"),
        "{summary}"
    );
}

#[test]
fn texts_are_as_long_as_github_takes_them_and_command_nobody() {
    let host = host(|_| None);
    let long = Review {
        summary: Some(format!("/approve\n{}", "長".repeat(70_000))),
        comments: Vec::new(),
        ..review()
    };
    publish(&host, merge_request(7), long).unwrap();
    let sent = body(&host, 0)["body"].as_str().unwrap().to_owned();
    assert_eq!(sent.chars().count(), 65_536);
    assert!(sent.starts_with("\\/approve"));
}

#[test]
fn without_a_token_nothing_is_tried() {
    let host = host(|_| None);
    let config = config_with("https://github.com/company/app", "", "");
    let published = host.run(|| Github::publish_review(merge_request(7), review(), config));
    assert!(matches!(published, Err(Failure::Misconfigured(_))));
    assert!(host.requests().is_empty());
}
