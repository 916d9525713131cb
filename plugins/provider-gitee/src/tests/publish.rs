//! A review at Gitee.

use super::server::{
    NEW, api_config, asked, created, error, marked, merge_request, ok, push, sent, server,
};
use crate::Gitee;
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Published, Review, ReviewComment, Reviews, StatusState,
    http::{Error, Response},
    testing::{Host, response},
};
use serde_json::{Value, json};

const NEWEST: &str = "GET /pulls/7/comments?direction=desc&per_page=100";
const COMMENTS: &str = "POST /pulls/7/comments";
const PASS: &str = "POST /pulls/7/review";
const RESET: &str = "PATCH /pulls/7/assignees";
const EDIT: &str = "PATCH /pulls/comments/301";

type Answers = Vec<(&'static str, Result<Response, Error>)>;

fn comment(line: u32, position: u32) -> ReviewComment {
    ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line,
        old_line: None,
        position,
        body: format!("Line {line} is wrong."),
    }
}

fn review() -> Review {
    Review {
        head_sha: NEW.to_owned(),
        verdict: None,
        score: Some(80),
        summary: Some("It is fine.".to_owned()),
        earlier: None,
        comments: vec![comment(13, 3), comment(14, 4)],
        status: Some(CommitStatus {
            state: StatusState::Success,
            description: "80 points".to_owned(),
            url: None,
        }),
    }
}

/// Where all goes well, but for what comes first.
fn gitee(mut answers: Answers) -> Host {
    answers.extend([
        (COMMENTS, created(&json!({"id": 301}))),
        (EDIT, ok(&json!({"id": 301}))),
    ]);
    server(answers)
}

fn publish(host: &Host, event: Event, review: Review) -> Result<Published, Failure> {
    host.run(|| Gitee::publish(event, review, api_config(json!({}))))
}

fn count(host: &Host, request: &str) -> usize {
    asked(host).iter().filter(|asked| *asked == request).count()
}

#[test]
fn a_review_is_comments_and_a_summary() {
    let host = gitee(vec![]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("301"));
    // There is no commit status, and that is no problem.
    assert_eq!((published.folded, published.problems), (vec![], vec![]));
    let inline = |line: u32, position: u32| {
        let body = format!("Line {line} is wrong.");
        json!({"body": body, "commit_id": NEW, "path": "src/a.rs", "position": position})
    };
    assert_eq!(
        sent(&host, COMMENTS),
        [inline(13, 3), inline(14, 4), json!({"body": "It is fine."})]
    );
    assert_eq!(asked(&host).len(), 5);
}

#[test]
fn a_review_that_is_published_twice_is_there_once() {
    let host = gitee(vec![]);
    for _ in 0..2 {
        let published = publish(&host, merge_request(), review()).unwrap();
        assert_eq!(published.summary.as_deref(), Some("301"));
    }
    assert_eq!((count(&host, COMMENTS), count(&host, EDIT)), (3, 1));
}

#[test]
fn a_later_review_replaces_the_summary() {
    let earlier = |answer: Result<Response, Error>| {
        let host = gitee(vec![("PATCH /pulls/comments/205", answer)]);
        let review = Review {
            earlier: Some("205".to_owned()),
            comments: Vec::new(),
            ..review()
        };
        let published = publish(&host, merge_request(), review).unwrap();
        (published.summary.unwrap(), count(&host, COMMENTS))
    };
    assert_eq!(earlier(ok(&json!({"id": 205}))), ("205".to_owned(), 0));
    assert_eq!(earlier(Ok(error(404, "Not Found"))), ("301".to_owned(), 1));
}

#[test]
fn a_refused_comment_is_in_the_summary() {
    let host = gitee(vec![(COMMENTS, Ok(error(400, "position is invalid")))]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!((published.folded, published.problems), (vec![0], vec![]));
    let summary = "It is fine.\n\n---\n\n- `src/a.rs:13` Line 13 is wrong.";
    assert_eq!(sent(&host, COMMENTS)[2], json!({ "body": summary }));
}

#[test]
fn what_fails_for_good_is_a_problem() {
    let refused = || Ok(error(403, "403 Forbidden: no scope"));
    let host = server(vec![(COMMENTS, refused())]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!((published.summary, published.folded), (None, vec![0, 1]));
    let problems = published.problems;
    assert_eq!(problems.len(), 2);
    assert!(
        problems[0].starts_with("comments at lines: "),
        "{problems:?}"
    );
    assert!(problems[1].starts_with("summary: "), "{problems:?}");
}

#[test]
fn what_may_pass_is_tried_again_and_nothing_is_repeated() {
    let busy = response(429, "").with_header("retry-after", "9");
    let host = gitee(vec![
        (COMMENTS, created(&json!({"id": 300}))),
        (COMMENTS, Ok(busy)),
    ]);
    let failed = publish(&host, merge_request(), review());
    assert!(
        matches!(&failed, Err(Failure::Retry(retry)) if retry.after_ms == Some(9000)),
        "{failed:?}"
    );
    assert!(publish(&host, merge_request(), review()).is_ok());
    let bodies: Vec<Value> = sent(&host, COMMENTS)
        .iter()
        .map(|sent| sent["body"].clone())
        .collect();
    assert_eq!(
        bodies,
        [
            "Line 13 is wrong.",
            "Line 14 is wrong.",
            "Line 14 is wrong.",
            "It is fine."
        ]
    );
}

#[test]
fn a_review_is_passed_or_taken_back() {
    let decided = |verdict, answer: u16| {
        let host = gitee(vec![
            (PASS, Ok(response(answer, "{}"))),
            (RESET, Ok(response(answer, "{}"))),
        ]);
        // It has nothing to do with the summary.
        let review = Review {
            verdict,
            summary: None,
            ..review()
        };
        let published = publish(&host, merge_request(), review).unwrap();
        assert_eq!(published.problems, Vec::<String>::new());
        (count(&host, PASS), count(&host, RESET))
    };
    assert_eq!(decided(Some(Decision::Approved), 201), (1, 0));
    // The token's owner is no reviewer.
    assert_eq!(decided(Some(Decision::Approved), 400), (1, 0));
    assert_eq!(decided(Some(Decision::RequestChanges), 200), (0, 1));
    assert_eq!(decided(Some(Decision::Comment), 403), (0, 1));
    assert_eq!(decided(None, 200), (0, 0));
}

#[test]
fn after_a_crash_nothing_is_repeated() {
    let before = gitee(vec![]);
    publish(&before, merge_request(), review()).unwrap();
    let bodies = marked(&before, COMMENTS);
    let comments: Vec<Value> = (400..)
        .zip(&bodies)
        .map(|(id, sent)| json!({"id": id, "body": sent["body"]}))
        .collect();
    let host = gitee(vec![
        (NEWEST, ok(&json!(comments))),
        ("PATCH /pulls/comments/402", ok(&json!({"id": 402}))),
    ]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("402"));
    assert_eq!(count(&host, COMMENTS), 0);
}

#[test]
fn a_refused_comment_is_not_lost_where_no_summary_is_wanted() {
    let host = gitee(vec![(COMMENTS, Ok(error(400, "position is invalid")))]);
    let review = Review {
        summary: None,
        ..review()
    };
    let published = publish(&host, merge_request(), review).unwrap();
    assert_eq!(published.folded, [0]);
    let text = "- `src/a.rs:13` Line 13 is wrong.";
    assert_eq!(sent(&host, COMMENTS)[2], json!({ "body": text }));
}

#[test]
fn a_push_is_commented_on_its_commit() {
    let comments = "POST /commits/2222222222222222222222222222222222222222/comments";
    let host = server(vec![
        (comments, created(&json!({"id": 88}))),
        ("PATCH /comments/88", ok(&json!({"id": 88}))),
    ]);
    for _ in 0..2 {
        let published = publish(&host, push(), review()).unwrap();
        assert_eq!(published.summary.as_deref(), Some("88"));
        assert_eq!(published.folded, [0, 1]);
    }
    let text = "It is fine.\n\n---\n\n- `src/a.rs:13` Line 13 is wrong.\n- `src/a.rs:14` Line 14 is wrong.";
    assert_eq!(sent(&host, comments), [json!({ "body": text })]);
}

#[test]
fn what_nobody_wants_is_not_posted() {
    let host = gitee(vec![]);
    let review = Review {
        summary: None,
        comments: Vec::new(),
        ..review()
    };
    let published = publish(&host, merge_request(), review);
    assert_eq!(published, Ok(Published::default()));
    assert!(asked(&host).is_empty());
}

#[test]
fn a_posted_text_is_no_command() {
    let host = gitee(vec![]);
    let mut review = review();
    review.summary = Some("Fine.\n/lgtm".to_owned());
    review.comments.clear();
    publish(&host, merge_request(), review).unwrap();
    assert_eq!(sent(&host, COMMENTS), [json!({"body": "Fine.\n\\/lgtm"})]);
}

#[test]
fn a_review_of_no_commit_is_refused() {
    for sha in ["", "../../../user", "main"] {
        let host = gitee(vec![]);
        let review = Review {
            head_sha: sha.to_owned(),
            ..review()
        };
        let failed = publish(&host, push(), review);
        assert!(matches!(failed, Err(Failure::Rejected(_))), "{failed:?}");
        assert!(asked(&host).is_empty());
    }
}

#[test]
fn a_review_needs_a_token() {
    let host = Host::new();
    let config = api_config(json!({ "access_token": null }));
    let failed = host.run(|| Gitee::publish(push(), review(), config));
    assert!(
        matches!(failed, Err(Failure::Misconfigured(_))),
        "{failed:?}"
    );
}
