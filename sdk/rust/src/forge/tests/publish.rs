//! What is posted, once.

use crate::forge::{
    MOST_COMMENTS, Posted, Problems, check, post_comments, post_summary, post_verdict,
};
use crate::http::Response;
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
            2 => check(response(422, "no such line")),
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
                true => check(response(503, "")),
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
            check(response(403, "no"))
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
        assert_eq!(folded, Ok(vec![40, 41]));
    });
}

/// What was asked of the host: `+` for a new summary, else the id of a changed one.
fn summary(
    asked: &RefCell<Vec<String>>,
    earlier: Option<&str>,
    update: u16,
) -> Result<Option<String>, Failure> {
    post_summary(
        &Posted::of("app!7@abc"),
        earlier,
        |id| {
            asked.borrow_mut().push(id.to_owned());
            Ok(response(update, ""))
        },
        || {
            asked.borrow_mut().push("+".to_owned());
            Ok(response(201, r#"{"id": 12}"#))
        },
    )
}

#[test]
fn there_is_one_summary() {
    let id = |text: &str| Ok(Some(text.to_owned()));
    let asked = RefCell::default();
    Host::new().run(|| {
        assert_eq!(summary(&asked, None, 200), id("12"));
        assert_eq!(summary(&asked, None, 200), id("12"));
    });
    Host::new().run(|| assert_eq!(summary(&asked, Some("5"), 200), id("5")));
    // Somebody deleted it; or it was posted with another token.
    Host::new().run(|| assert_eq!(summary(&asked, Some("6"), 404), id("12")));
    Host::new().run(|| assert_eq!(summary(&asked, Some("7"), 403), id("12")));
    Host::new().run(|| assert_eq!(summary(&asked, Some("../8"), 200), id("12")));
    Host::new().run(|| {
        let failed = summary(&asked, Some("9"), 502);
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    });
    assert_eq!(
        *asked.borrow(),
        ["+", "12", "5", "6", "+", "7", "+", "+", "9"]
    );
}

#[test]
fn a_summary_whose_id_is_unreadable_is_not_posted_again() {
    Host::new().run(|| {
        let count = Cell::new(0);
        for _ in 0..2 {
            let posted = post_summary(
                &Posted::of("app!7@abc"),
                None,
                |_| Ok(response(200, "")),
                || {
                    count.set(count.get() + 1);
                    Ok(response(201, "created"))
                },
            );
            assert_eq!(posted, Ok(None));
        }
        assert_eq!(count.get(), 1);
    });
}

#[test]
fn a_verdict_is_given_once_and_may_be_refused() {
    let verdict = |status: u16, count: &Cell<u32>| {
        post_verdict(&Posted::of("app!7@abc"), Decision::Approved, || {
            count.set(count.get() + 1);
            Ok(response(status, ""))
        })
    };
    for (status, result, asked) in [(201, Ok(()), 1), (401, Ok(()), 1), (422, Ok(()), 1)] {
        let count = Cell::new(0);
        Host::new().run(|| {
            assert_eq!(verdict(status, &count), result);
            assert_eq!(verdict(status, &count), Ok(()));
        });
        assert_eq!(count.get(), asked, "{status}");
    }
    let count = Cell::new(0);
    Host::new().run(|| {
        assert!(matches!(verdict(503, &count), Err(Failure::Retry(_))));
        assert_eq!(verdict(200, &count), Ok(()));
    });
    assert_eq!(count.get(), 2);
}
