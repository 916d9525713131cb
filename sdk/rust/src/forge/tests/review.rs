//! Comments and verdict as one, and what becomes of them when the host does not take them so.

use crate::forge::{Posted, Problems, headline, post_review};
use crate::http::Response;
use crate::testing::{Host, response};
use crate::{CommitStatus, Decision, Failure, Review, ReviewComment, StatusState};
use std::cell::RefCell;

fn review(verdict: Option<Decision>, lines: &[u32]) -> Review {
    let comment = |line: &u32| ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line: *line,
        old_line: None,
        position: *line,
        body: "no".to_owned(),
    };
    Review {
        head_sha: "abcd".to_owned(),
        verdict,
        score: None,
        summary: Some("\nFirst.\nSecond.".to_owned()),
        earlier: None,
        comments: lines.iter().map(comment).collect(),
        status: None,
    }
}

/// A host that answers `judge`'s status to a review (its decision and its lines), and 422 to a
/// single comment at line 9. What it was asked is told in its order.
fn post(
    review: &Review,
    judge: impl Fn(Decision, &[u32]) -> (u16, &'static str),
) -> (Result<Vec<u32>, Failure>, Vec<String>, Vec<String>) {
    let asked = RefCell::new(Vec::new());
    let at_once = |decision, comments: &[ReviewComment]| -> Result<Response, Failure> {
        let lines: Vec<u32> = comments.iter().map(|comment| comment.line).collect();
        let name = format!("{decision:?}").replace("Decision::", "");
        asked.borrow_mut().push(format!("{name} {lines:?}"));
        let (status, body) = judge(decision, &lines);
        Ok(response(status, body))
    };
    let alone = |comment: &ReviewComment| {
        asked.borrow_mut().push(comment.line.to_string());
        Ok(response(if comment.line == 9 { 422 } else { 201 }, ""))
    };
    let mut problems = Problems::default();
    let posted = Posted::of("app!7@abcd");
    let withdraw = || {
        asked.borrow_mut().push("withdraw".to_owned());
        Ok(None)
    };
    let folded = post_review(review, &posted, &mut problems, at_once, alone, withdraw);
    (folded, asked.take(), problems.into_lines())
}

fn asked(review: &Review, judge: impl Fn(Decision, &[u32]) -> (u16, &'static str)) -> Vec<String> {
    let (folded, asked, problems) = Host::new().run(|| post(review, judge));
    assert!(
        folded.is_ok() && problems.is_empty(),
        "{folded:?} {problems:?}"
    );
    asked
}

#[test]
fn one_request_is_enough_for_a_host_that_takes_it() {
    let taken = |_, _: &[u32]| (200, "");
    let some = review(Some(Decision::RequestChanges), &[1, 9]);
    assert_eq!(asked(&some, taken), ["RequestChanges [1, 9]"]);
    assert_eq!(
        asked(&review(Some(Decision::Approved), &[]), taken),
        ["Approved []"]
    );
    assert!(asked(&review(None, &[]), taken).is_empty());
}

#[test]
fn what_is_refused_as_one_goes_out_one_by_one() {
    let by_lines = |_, lines: &[u32]| (if lines.contains(&9) { 422 } else { 200 }, "");
    let review = review(Some(Decision::RequestChanges), &[1, 9]);
    let (folded, asked, _) = Host::new().run(|| post(&review, by_lines));
    assert_eq!(folded, Ok(vec![1]));
    let verdict = "RequestChanges";
    assert_eq!(
        asked,
        [
            &*format!("{verdict} [1, 9]"),
            "1",
            "9",
            &format!("{verdict} []")
        ]
    );
}

#[test]
fn a_verdict_on_ones_own_is_left_out() {
    let own = |decision, _: &[u32]| match decision {
        Decision::Comment => (200, ""),
        _ => (422, "approve your own pull is not allowed"),
    };
    let some = review(Some(Decision::Approved), &[1]);
    assert_eq!(asked(&some, own), ["Approved [1]", "Comment [1]"]);
    assert_eq!(
        asked(&review(Some(Decision::Approved), &[]), own),
        ["Approved []"]
    );
}

#[test]
fn who_may_not_review_has_all_in_the_summary() {
    let review = review(Some(Decision::Approved), &[1, 2]);
    let (folded, asked, problems) = Host::new().run(|| post(&review, |_, _| (403, "")));
    assert_eq!(
        (folded, asked.len(), problems.len()),
        (Ok(vec![0, 1]), 1, 1)
    );
}

#[test]
fn an_earlier_verdict_is_taken_back_where_there_is_none_now() {
    let taken = |_, _: &[u32]| (200, "");
    let none = Some(Decision::Comment);
    assert_eq!(asked(&review(none, &[]), taken), ["withdraw"]);
    assert_eq!(
        asked(&review(none, &[1]), taken),
        ["Comment [1]", "withdraw"]
    );
    // Where no verdicts are wanted, they are left alone.
    assert_eq!(asked(&review(None, &[1]), taken), ["Comment [1]"]);
}

#[test]
fn another_verdict_repeats_no_comments() {
    Host::new().run(|| {
        let taken = |_, _: &[u32]| (200, "");
        assert_eq!(
            post(&review(Some(Decision::Approved), &[1]), taken).0,
            Ok(vec![])
        );
        let (_, asked, _) = post(&review(Some(Decision::RequestChanges), &[1]), taken);
        assert_eq!(asked, ["RequestChanges []"]);
        let (_, asked, _) = post(&review(Some(Decision::RequestChanges), &[1, 2]), taken);
        assert_eq!(asked, ["2"]);
    });
}

#[test]
fn what_went_out_at_once_is_not_too_much_later() {
    Host::new().run(|| {
        let lines: Vec<u32> = (10..60).collect();
        let some = review(None, &lines);
        for requests in [1, 0] {
            let (folded, asked, _) = post(&some, |_, _| (200, ""));
            assert_eq!((folded, asked.len()), (Ok(vec![]), requests));
        }
    });
}

#[test]
fn a_refused_review_is_not_taken_for_a_posted_one() {
    Host::new().run(|| {
        let some = review(Some(Decision::Approved), &[1]);
        assert_eq!(post(&some, |_, _| (403, "")).0, Ok(vec![0]));
        assert_eq!(post(&some, |_, _| (200, "")).1, ["Approved [1]"]);
        let bare = review(Some(Decision::Approved), &[]);
        Host::new().run(|| {
            assert_eq!(post(&bare, |_, _| (403, "")).0, Ok(vec![]));
            assert_eq!(post(&bare, |_, _| (200, "")).1, ["Approved []"]);
        });
    });
}

#[test]
fn a_repeated_call_does_not_repeat_the_review() {
    Host::new().run(|| {
        let some = review(Some(Decision::Approved), &[1]);
        for requests in [1, 0] {
            assert_eq!(post(&some, |_, _| (200, "")).1.len(), requests);
        }
        let other = review(Some(Decision::Approved), &[2]);
        assert_eq!(post(&other, |_, _| (200, "")).1.len(), 1);
        let busy = review(Some(Decision::Approved), &[3]);
        assert!(matches!(
            post(&busy, |_, _| (503, "")).0,
            Err(Failure::Retry(_))
        ));
        assert_eq!(post(&busy, |_, _| (200, "")).1.len(), 1);
    });
}

#[test]
fn a_review_says_its_status_or_how_its_summary_begins() {
    let mut review = review(None, &[]);
    assert_eq!(headline(&review), "First.");
    review.status = Some(CommitStatus {
        state: StatusState::Success,
        description: "80 of 100".to_owned(),
        url: None,
    });
    assert_eq!(headline(&review), "80 of 100");
    review.status = None;
    review.summary = Some(" \n".to_owned());
    assert!(!headline(&review).is_empty());
}
