//! The one comment on the whole.

use crate::forge::{Posted, post_summary, summary as said};
use crate::testing::{Host, response};
use crate::{Failure, Review, ReviewComment};
use std::cell::{Cell, RefCell};

fn review(summary: Option<&str>) -> Review {
    let comment = |line, body: &str| ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line,
        old_line: None,
        position: 1,
        body: body.to_owned(),
    };
    Review {
        head_sha: "abcd".to_owned(),
        verdict: None,
        score: None,
        summary: summary.map(str::to_owned),
        earlier: None,
        comments: vec![comment(3, "one"), comment(9, "two\nlines")],
        status: None,
    }
}

#[test]
fn comments_without_a_place_are_in_the_summary() {
    let said = |folded: &[u32]| said(&review(Some("Sum.")), folded);
    assert_eq!(said(&[]).as_deref(), Some("Sum."));
    assert_eq!(
        said(&[1, 5]).as_deref(),
        Some("Sum.\n\n---\n\n- `src/a.rs:9` two\n  lines")
    );
}

#[test]
fn comments_without_a_place_are_not_lost_without_a_summary() {
    let said = |folded: &[u32]| said(&review(None), folded);
    assert_eq!(said(&[]), None);
    assert_eq!(
        said(&[0, 1]).as_deref(),
        Some("- `src/a.rs:3` one\n- `src/a.rs:9` two\n  lines")
    );
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
        || Ok(None),
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
                || Ok(None),
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
fn a_lost_summary_is_looked_for() {
    let post = |earlier: Option<&str>, found: Option<&str>, update: u16| {
        let asked = RefCell::new(Vec::new());
        let ask = |what: &str| asked.borrow_mut().push(what.to_owned());
        let posted = post_summary(
            &Posted::of("app!7@abc"),
            earlier,
            || {
                ask("?");
                Ok(found.map(str::to_owned))
            },
            |id| {
                ask(id);
                Ok(response(update, ""))
            },
            || {
                ask("+");
                Ok(response(201, r#"{"id": 12}"#))
            },
        );
        (posted, asked.take())
    };
    let id = |text: &str| Ok(Some(text.to_owned()));
    Host::new().run(|| {
        let known = post(Some("5"), Some("3"), 200);
        assert_eq!(known, (id("5"), vec!["5".to_owned()]));
    });
    Host::new().run(|| {
        let (posted, asked) = post(None, Some("3"), 200);
        assert_eq!((posted, asked.join(" ")), (id("3"), "? 3".to_owned()));
    });
    Host::new().run(|| {
        // It is another's.
        let (posted, asked) = post(None, Some("3"), 403);
        assert_eq!((posted, asked.join(" ")), (id("12"), "? 3 +".to_owned()));
        let (_, asked) = post(None, Some("3"), 200);
        assert_eq!(asked, ["12"], "it is known now");
    });
}

#[test]
fn a_used_up_rate_makes_no_second_summary() {
    for (status, header, value) in [
        (403, "x-ratelimit-remaining", "0"),
        (403, "retry-after", "7"),
        (429, "retry-after", "7"),
    ] {
        let failed = Host::new().run(|| {
            post_summary(
                &Posted::of("app!7@abc"),
                Some("5"),
                || Ok(None),
                |_| Ok(response(status, "").with_header(header, value)),
                || panic!("there is one"),
            )
        });
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    }
}
