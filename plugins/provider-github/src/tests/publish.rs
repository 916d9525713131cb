//! What a review leaves at GitHub.

mod again;
mod verdict;

use super::{API, config, config_with, merge_request, push};
use crate::Github;
use push_notify_sdk::{
    Event, Failure, Published, Review, Reviews,
    http::{Method, Response},
    testing::{Host, Request, forge, json_response, response},
};
use serde_json::{Value, json};

const LINE: &str =
    r#"{"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}"#;

/// Made by `answer`, or what GitHub says to a sound request.
fn host(answer: impl Fn(&Request) -> Option<Response> + 'static) -> Host {
    Host::new().http(move |request| {
        Ok(answer(request).unwrap_or_else(|| json_response(201, &json!({"id": 55}))))
    })
}

fn publish(host: &Host, event: Event, review: Review) -> Result<Published, Failure> {
    host.run(|| Github::publish(event, review, config()))
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
    let sent = sent(&host)[0]["body"].as_str().unwrap().to_owned();
    let length = sent.chars().count();
    assert!((65_000..=65_536).contains(&length), "{length}");
    assert!(sent.starts_with("\\/approve") && sent.ends_with(" -->"));
}

#[test]
fn without_a_token_nothing_is_tried() {
    let host = host(|_| None);
    let config = config_with("https://github.com/company/app", "", "");
    let published = host.run(|| Github::publish(merge_request(7), review(), config));
    assert!(matches!(published, Err(Failure::Misconfigured(_))));
    assert!(host.requests().is_empty());
}
