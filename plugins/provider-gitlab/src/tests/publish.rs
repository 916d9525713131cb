//! A review at GitLab.

mod again;

use super::server::{
    NEW, OLD, asked, config, created, error, merge_request, ok, push, sent, server,
};
use crate::Gitlab;
use push_notify_sdk::{
    CommitStatus, Decision, Event, Failure, Published, Review, ReviewComment, Reviews, StatusState,
    http::{Error, Response},
    testing::{Host, response},
};
use serde_json::{Value, json};

const VERSIONS: &str = "GET /merge_requests/7/versions?per_page=100";
const NEWEST: &str = "GET /merge_requests/7/notes?per_page=100&order_by=created_at&sort=desc";
const DISCUSSIONS: &str = "POST /merge_requests/7/discussions";
const NOTES: &str = "POST /merge_requests/7/notes";
const STATUS: &str = "POST /statuses/2222222222222222222222222222222222222222";

type Answers = Vec<(&'static str, Result<Response, Error>)>;

fn comment(line: u32, old_line: Option<u32>) -> ReviewComment {
    ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line,
        old_line,
        position: line,
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
        comments: vec![comment(3, None), comment(4, Some(2))],
        status: Some(CommitStatus {
            state: StatusState::Success,
            description: "80 points".to_owned(),
            url: Some("https://notify.example.com/reviews/1".to_owned()),
        }),
    }
}

fn versions() -> Result<Response, Error> {
    let version = |head: &str, base: &str| json!({"head_commit_sha": head, "base_commit_sha": base, "start_commit_sha": OLD});
    ok(&json!([
        version(&"3".repeat(40), "b3"),
        version(NEW, "b2"),
        version(OLD, "b1")
    ]))
}

/// Where all goes well, but for what comes first.
fn gitlab(mut answers: Answers) -> Host {
    answers.extend([
        (VERSIONS, versions()),
        (DISCUSSIONS, created(&json!({"id": "6a9c1750b37d"}))),
        (NOTES, created(&json!({"id": 301}))),
        (STATUS, created(&json!({"id": 1}))),
    ]);
    server(answers)
}

fn publish(host: &Host, event: Event, review: Review) -> Result<Published, Failure> {
    host.run(|| Gitlab::publish(event, review, config(json!({}))))
}

fn count(host: &Host, request: &str) -> usize {
    asked(host).iter().filter(|asked| *asked == request).count()
}

#[test]
fn a_review_is_comments_a_summary_and_a_status() {
    let host = gitlab(vec![]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("301"));
    assert_eq!((published.folded, published.problems), (vec![], vec![]));
    let position = |line: u32| {
        json!({
            "position_type": "text", "base_sha": "b2", "start_sha": OLD, "head_sha": NEW,
            "old_path": "src/a.rs", "new_path": "src/a.rs", "new_line": line,
        })
    };
    // A line that is not new has its number in both files.
    let mut context = position(4);
    context["old_line"] = json!(2);
    assert_eq!(
        sent(&host, DISCUSSIONS),
        [
            json!({"body": "Line 3 is wrong.", "position": position(3)}),
            json!({"body": "Line 4 is wrong.", "position": context}),
        ]
    );
    assert_eq!(sent(&host, NOTES), [json!({"body": "It is fine."})]);
    assert_eq!(
        sent(&host, STATUS),
        [json!({
            "state": "success", "name": "push-notify/review", "description": "80 points",
            "target_url": "https://notify.example.com/reviews/1",
        })]
    );
}

#[test]
fn a_refused_comment_is_in_the_summary() {
    let refused = "400 Bad request - Note {:line_code=>[\"can't be blank\"]}";
    for status in [400, 422] {
        let host = gitlab(vec![(DISCUSSIONS, Ok(error(status, refused)))]);
        let published = publish(&host, merge_request(), review()).unwrap();
        assert_eq!((published.folded, published.problems), (vec![0], vec![]));
        let summary = "It is fine.\n\n---\n\n- `src/a.rs:3` Line 3 is wrong.";
        assert_eq!(sent(&host, NOTES), [json!({ "body": summary })]);
    }
}

#[test]
fn a_refused_comment_is_not_lost_where_no_summary_is_wanted() {
    let host = gitlab(vec![(DISCUSSIONS, Ok(error(400, "400 Bad request")))]);
    let review = Review {
        summary: None,
        ..review()
    };
    let published = publish(&host, merge_request(), review).unwrap();
    assert_eq!(published.folded, [0]);
    assert_eq!(published.summary.as_deref(), Some("301"));
    let text = "- `src/a.rs:3` Line 3 is wrong.";
    assert_eq!(sent(&host, NOTES), [json!({ "body": text })]);
}

#[test]
fn a_commit_that_the_merge_request_has_lost_gets_no_comments_at_lines() {
    let request = |head: &str| {
        ok(&json!({"diff_refs": {"base_sha": "b", "start_sha": "s", "head_sha": head}}))
    };
    let host = gitlab(vec![
        (VERSIONS, ok(&json!([]))),
        ("GET /merge_requests/7", request(OLD)),
    ]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!(
        (published.folded, published.problems.len()),
        (vec![0, 1], 1)
    );
    assert_eq!(count(&host, DISCUSSIONS), 0);

    // Without versions, the merge request itself may know.
    let host = gitlab(vec![
        (VERSIONS, ok(&json!([]))),
        ("GET /merge_requests/7", request(NEW)),
    ]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!((published.folded, published.problems.len()), (vec![], 0));
    assert_eq!(sent(&host, DISCUSSIONS)[0]["position"]["base_sha"], "b");
}

#[test]
fn what_fails_for_good_stops_nothing_else() {
    for (request, problem) in [
        (VERSIONS, "comments at lines: "),
        (DISCUSSIONS, "comments at lines: "),
        (NOTES, "summary: "),
        (STATUS, "commit status: "),
    ] {
        let host = gitlab(vec![(request, Ok(error(403, "403 Forbidden")))]);
        let published = publish(&host, merge_request(), review()).unwrap();
        assert_eq!(published.problems.len(), 1, "{request}: {published:?}");
        assert!(published.problems[0].starts_with(problem), "{published:?}");
        assert_eq!(
            (count(&host, NOTES), count(&host, STATUS)),
            (1, 1),
            "{request}"
        );
    }
}

#[test]
fn an_approval_is_given_or_taken_back() {
    let approve = "POST /merge_requests/7/approve";
    let unapprove = "POST /merge_requests/7/unapprove";
    let decided = |verdict, answer: u16| {
        let host = gitlab(vec![
            (approve, Ok(response(answer, "{}"))),
            (unapprove, Ok(response(answer, "{}"))),
        ]);
        // It has nothing to do with the summary.
        let review = Review {
            verdict,
            summary: None,
            ..review()
        };
        let published = publish(&host, merge_request(), review).unwrap();
        assert_eq!(published.problems, Vec::<String>::new());
        (count(&host, approve), count(&host, unapprove))
    };
    assert_eq!(decided(Some(Decision::Approved), 201), (1, 0));
    // Its author may not.
    assert_eq!(decided(Some(Decision::Approved), 401), (1, 0));
    assert_eq!(decided(Some(Decision::RequestChanges), 201), (0, 1));
    // There was none.
    assert_eq!(decided(Some(Decision::Comment), 404), (0, 1));
    assert_eq!(decided(None, 201), (0, 0));
}

#[test]
fn a_status_that_is_as_it_shall_be_is_no_problem() {
    let told = |message: &str| {
        let host = gitlab(vec![(STATUS, Ok(error(400, message)))]);
        let mut review = review();
        review.status.as_mut().unwrap().state = StatusState::Pending;
        let published = publish(&host, merge_request(), review).unwrap();
        published.problems.len()
    };
    assert_eq!(
        told("Cannot transition status via :enqueue from :pending"),
        0
    );
    assert_eq!(
        told("Cannot transition status via :enqueue from :canceled"),
        1
    );
}

#[test]
fn states_are_gitlabs_own() {
    for (state, name) in [
        (StatusState::Pending, "pending"),
        (StatusState::Success, "success"),
        (StatusState::Failure, "failed"),
        (StatusState::Error, "failed"),
    ] {
        let host = gitlab(vec![]);
        let mut review = review();
        review.status.as_mut().unwrap().state = state;
        publish(&host, merge_request(), review).unwrap();
        assert_eq!(sent(&host, STATUS)[0]["state"], name);
    }
}

#[test]
fn a_push_is_commented_on_its_commit() {
    let comments = "POST /repository/commits/2222222222222222222222222222222222222222/comments";
    let host = gitlab(vec![(comments, created(&json!({"note": "x"})))]);
    for _ in 0..2 {
        let published = publish(&host, push(), review()).unwrap();
        assert_eq!((published.summary, published.folded), (None, vec![0, 1]));
    }
    let text =
        "It is fine.\n\n---\n\n- `src/a.rs:3` Line 3 is wrong.\n- `src/a.rs:4` Line 4 is wrong.";
    assert_eq!(sent(&host, comments), [json!({ "note": text })]);
    assert_eq!(count(&host, STATUS), 2);
}

#[test]
fn what_nobody_wants_is_not_posted() {
    let host = gitlab(vec![]);
    let review = Review {
        summary: None,
        comments: Vec::new(),
        status: None,
        ..review()
    };
    let published = publish(&host, merge_request(), review);
    assert_eq!(published, Ok(Published::default()));
    assert!(asked(&host).is_empty());
}

#[test]
fn a_posted_text_is_no_command() {
    let host = gitlab(vec![]);
    let mut review = review();
    review.summary = Some("Fine.\n/merge\n/approve @all".to_owned());
    review.comments[0].body = "/close".to_owned();
    publish(&host, merge_request(), review).unwrap();
    let bodies = |request| -> Vec<Value> {
        let sent = sent(&host, request);
        sent.iter().map(|sent| sent["body"].clone()).collect()
    };
    assert_eq!(bodies(NOTES), ["Fine.\n\\/merge\n\\/approve @\u{200b}all"]);
    assert_eq!(bodies(DISCUSSIONS)[0], "\\/close");
}

#[test]
fn a_review_of_no_commit_is_refused() {
    for sha in ["", "../../../user", "main"] {
        let host = gitlab(vec![]);
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
    let config = config(json!({ "access_token": null }));
    let failed = host.run(|| Gitlab::publish(push(), review(), config));
    assert!(
        matches!(failed, Err(Failure::Misconfigured(_))),
        "{failed:?}"
    );
}
