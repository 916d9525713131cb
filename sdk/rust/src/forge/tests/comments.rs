//! What is posted, once.

use crate::forge::{MOST_COMMENTS, Posted, Problems, post_comments, post_verdict, recall, remarks};
use crate::http::{Error, Response};
use crate::testing::{Host, response};
use crate::{Decision, Failure, ReviewComment};
use std::cell::{Cell, RefCell};

fn comments(count: u32) -> Vec<ReviewComment> {
    let comment = |line| ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line,
        old_line: None,
        position: line,
        body: "no".to_owned(),
    };
    (1..=count).map(comment).collect()
}

fn at_lines(
    comments: &[ReviewComment],
    post: impl FnMut(&ReviewComment) -> Result<Response, Failure>,
) -> (Result<Vec<u32>, Failure>, Vec<String>) {
    let mut problems = Problems::default();
    let folded = post_comments(comments, &Posted::of("app!7@abc"), &mut problems, post);
    (folded, problems.into_lines())
}

#[test]
fn a_refused_comment_is_folded_and_the_next_one_tried() {
    Host::new().run(|| {
        let post = |comment: &ReviewComment| match comment.line {
            2 => Ok(response(422, "no such line")),
            _ => Ok(response(201, "")),
        };
        assert_eq!(at_lines(&comments(3), post), (Ok(vec![1]), vec![]));
    });
}

#[test]
fn a_comment_is_not_posted_again_after_a_failure_that_passes() {
    Host::new().run(|| {
        let tried = RefCell::new(Vec::new());
        let busy = Cell::new(true);
        let post = |comment: &ReviewComment| {
            tried.borrow_mut().push(comment.line);
            match comment.line == 2 && busy.take() {
                true => Ok(response(503, "")),
                false => Ok(response(201, "")),
            }
        };
        let (failed, _) = at_lines(&comments(3), post);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
        assert_eq!(at_lines(&comments(3), post), (Ok(vec![]), vec![]));
        assert_eq!(*tried.borrow(), [1, 2, 2, 3]);
    });
}

#[test]
fn who_may_not_comment_is_told_so_once() {
    Host::new().run(|| {
        let tried = Cell::new(0);
        let (folded, problems) = at_lines(&comments(3), |_| {
            tried.set(tried.get() + 1);
            Ok(response(403, "no"))
        });
        assert_eq!(folded, Ok(vec![0, 1, 2]));
        assert_eq!((tried.get(), problems.len()), (1, 1));
        assert!(
            problems[0].starts_with("comments at lines: "),
            "{problems:?}"
        );
    });
}

#[test]
fn more_comments_than_a_call_has_requests_are_folded() {
    Host::new().run(|| {
        let all = comments(MOST_COMMENTS as u32 + 2);
        let (folded, _) = at_lines(&all, |_| Ok(response(201, "")));
        assert_eq!(folded, Ok(vec![32, 33]));
    });
}

#[test]
fn one_that_the_host_stumbles_over_stops_no_other() {
    Host::new().run(|| {
        let tried = RefCell::new(Vec::new());
        let post = |comment: &ReviewComment| {
            tried.borrow_mut().push(comment.line);
            let bad = comment.line.is_multiple_of(2);
            Ok(response(if bad { 500 } else { 201 }, ""))
        };
        let (failed, _) = at_lines(&comments(8), post);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
        assert_eq!(tried.take(), [1, 2, 3, 4, 5, 6, 7, 8]);
        // The second time, that is an answer.
        assert_eq!(at_lines(&comments(8), post), (Ok(vec![1, 3, 5, 7]), vec![]));
        assert_eq!(tried.take(), [2, 4, 6, 8]);
    });
}

#[test]
fn what_the_host_shows_already_is_not_posted_again() {
    let asked = Cell::new(0);
    let mark = |comment: &ReviewComment| format!("<!-- {} -->", comment.line);
    let recall = |answer: Result<Response, Error>| {
        recall(&comments(3), &Posted::of("app!7@abc"), mark, || {
            asked.set(asked.get() + 1);
            remarks(answer)
        })
    };
    let posted = || {
        let lines = RefCell::new(Vec::new());
        let post = |comment: &ReviewComment| {
            lines.borrow_mut().push(comment.line);
            Ok(response(201, ""))
        };
        assert_eq!(at_lines(&comments(3), post), (Ok(vec![]), vec![]));
        lines.take()
    };
    let two = r#"[{"id": 1, "body": "no\n\n<!-- 2 -->"}, {"id": 2, "body": null}]"#;
    Host::new().run(|| {
        assert_eq!(recall(Ok(response(200, two))), Ok(()));
        assert_eq!(recall(Ok(response(200, two))), Ok(()));
        assert_eq!((asked.take(), posted()), (1, vec![1, 3]));
    });
    // A host that shows nothing is told all.
    for answer in [
        Ok(response(403, "")),
        Ok(response(200, "<html>")),
        Err(Error::TooLarge),
    ] {
        Host::new().run(|| {
            assert_eq!(recall(answer), Ok(()));
            assert_eq!(posted(), [1, 2, 3]);
        });
    }
    Host::new().run(|| {
        let failed = recall(Ok(response(503, "")));
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    });
}

/// How often a host that answers so is asked for each of these verdicts, one after the other.
fn verdicts(status: u16, body: &'static str, verdicts: &[Decision]) -> Vec<u32> {
    Host::new().run(|| {
        let posted = Posted::of("app!7@abc");
        let given = |verdict: &Decision| {
            let count = Cell::new(0);
            let result = post_verdict(&posted, *verdict, || {
                count.set(count.get() + 1);
                Ok(Some(response(status, body)))
            });
            let may_pass = status >= 500;
            assert_eq!(matches!(result, Err(Failure::Retry(_))), may_pass);
            assert_eq!(result.is_ok(), !may_pass);
            count.get()
        };
        verdicts.iter().map(given).collect()
    })
}

#[test]
fn a_verdict_is_given_once() {
    use Decision::{Approved, Comment, RequestChanges};
    assert_eq!(verdicts(201, "", &[Approved, Approved]), [1, 0]);
    let changing = [Approved, RequestChanges, Approved, Comment, Comment];
    assert_eq!(verdicts(201, "", &changing), [1, 1, 1, 1, 0]);
    assert_eq!(verdicts(503, "", &[Approved, Approved]), [1, 1]);
}

#[test]
fn a_refused_verdict_is_no_failure() {
    let twice = [Decision::Approved; 2];
    // The token may be mended.
    assert_eq!(verdicts(401, "", &twice), [1, 1]);
    assert_eq!(verdicts(422, "", &twice), [1, 1]);
    // Whose merge request it is stays the same.
    let own = "approve your own pull is not allowed";
    assert_eq!(verdicts(422, own, &twice), [1, 0]);
}
