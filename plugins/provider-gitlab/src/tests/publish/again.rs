//! What is posted when a review is shown again.

use super::{DISCUSSIONS, NEWEST, NOTES, STATUS, VERSIONS, count, gitlab, publish, review};
use crate::tests::server::{created, error, marked, merge_request, ok, sent};
use push_notify_sdk::{
    Failure, Review,
    http::{Error, Response},
    testing::response,
};
use serde_json::{Value, json};

#[test]
fn a_review_that_is_published_twice_is_there_once() {
    let host = gitlab(vec![(
        "PUT /merge_requests/7/notes/301",
        ok(&json!({"id": 301})),
    )]);
    for _ in 0..2 {
        let published = publish(&host, merge_request(), review()).unwrap();
        assert_eq!(published.summary.as_deref(), Some("301"));
    }
    assert_eq!((count(&host, NOTES), count(&host, DISCUSSIONS)), (1, 2));
}

#[test]
fn a_later_review_replaces_the_summary() {
    let earlier = |answer: Result<Response, Error>| {
        let host = gitlab(vec![("PUT /merge_requests/7/notes/205", answer)]);
        let review = Review {
            earlier: Some("205".to_owned()),
            ..review()
        };
        let published = publish(&host, merge_request(), review).unwrap();
        (published.summary.unwrap(), count(&host, NOTES))
    };
    assert_eq!(earlier(ok(&json!({"id": 205}))), ("205".to_owned(), 0));
    // It was deleted, or is another's.
    for status in [403, 404] {
        assert_eq!(earlier(Ok(error(status, "no"))), ("301".to_owned(), 1));
    }
}

#[test]
fn a_comment_that_gitlab_stumbles_over_twice_is_in_the_summary() {
    let host = gitlab(vec![
        (DISCUSSIONS, Ok(response(500, ""))),
        (DISCUSSIONS, created(&json!({}))),
        (DISCUSSIONS, Ok(response(500, ""))),
    ]);
    let failed = publish(&host, merge_request(), review());
    assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
    assert_eq!(count(&host, DISCUSSIONS), 2);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!(published.folded, [0]);
    assert_eq!(count(&host, DISCUSSIONS), 3);
}

#[test]
fn after_a_crash_nothing_is_repeated() {
    let before = gitlab(vec![]);
    publish(&before, merge_request(), review()).unwrap();
    let mut bodies = marked(&before, NOTES);
    bodies.extend(marked(&before, DISCUSSIONS));
    let notes: Vec<Value> = (400..)
        .zip(&bodies)
        .map(|(id, sent)| json!({"id": id, "body": sent["body"]}))
        .collect();
    let host = gitlab(vec![
        (NEWEST, ok(&json!(notes))),
        ("PUT /merge_requests/7/notes/400", ok(&json!({"id": 400}))),
    ]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("400"));
    assert_eq!((count(&host, NOTES), count(&host, DISCUSSIONS)), (0, 0));
    // What was not there yet is posted.
    let host = gitlab(vec![(NEWEST, ok(&json!(notes[2..])))]);
    let published = publish(&host, merge_request(), review()).unwrap();
    assert_eq!(published.summary.as_deref(), Some("301"));
    let missing = sent(&host, DISCUSSIONS);
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0]["body"], "Line 3 is wrong.");
}

#[test]
fn what_may_pass_is_tried_again_and_nothing_is_repeated() {
    for request in [VERSIONS, DISCUSSIONS, NOTES, STATUS] {
        let busy = response(429, "Retry later").with_header("retry-after", "9");
        let host = gitlab(vec![
            (request, Ok(busy)),
            ("PUT /merge_requests/7/notes/301", ok(&json!({"id": 301}))),
        ]);
        let failed = publish(&host, merge_request(), review());
        assert!(
            matches!(&failed, Err(Failure::Retry(retry)) if retry.after_ms == Some(9000)),
            "{request}: {failed:?}"
        );
        let published = publish(&host, merge_request(), review()).unwrap();
        assert_eq!(published.summary.as_deref(), Some("301"));
        let tries = |of: &str, usual| if of == request { usual + 1 } else { usual };
        assert_eq!(count(&host, NOTES), tries(NOTES, 1), "{request}");
        assert_eq!(
            count(&host, DISCUSSIONS),
            tries(DISCUSSIONS, 2),
            "{request}"
        );
    }
}
