//! How what is ours is known again.

use crate::forge::{Marks, find, marked, remarks};
use crate::testing::{Host, response};
use crate::{ReviewComment, Secret};
use serde_json::json;

fn comment(line: u32, body: &str) -> ReviewComment {
    ReviewComment {
        path: "src/a.rs".to_owned(),
        old_path: None,
        line,
        old_line: None,
        position: 1,
        body: body.to_owned(),
    }
}

#[test]
fn a_mark_is_unseen_and_of_one_thing() {
    Host::new().run(|| {
        let token = Secret::new("token-not-real");
        let marks = Marks::of("app!7", &token);
        let all = [
            marks.summary(),
            marks.verdict(),
            marks.comment("abcd", &comment(1, "no")),
            marks.comment("abcd", &comment(2, "no")),
            marks.comment("abcd", &comment(1, "yes")),
            marks.comment("abce", &comment(1, "no")),
            Marks::of("app!8", &token).summary(),
            Marks::of("app!7", &Secret::new("another-not-real")).summary(),
        ];
        for (at, mark) in all.iter().enumerate() {
            assert!(mark.starts_with("<!-- push-notify:") && mark.ends_with(" -->"));
            assert!(!all[..at].contains(mark), "{mark}");
        }
        assert_eq!(Marks::of("app!7", &token).summary(), all[0]);
    });
}

#[test]
fn the_first_with_the_mark_is_ours() {
    let mark = "<!-- push-notify:summary:0011 -->";
    let list = json!([
        {"id": 9, "body": marked("A copy.", mark)},
        {"id": 4, "body": marked("Sum.", mark)},
        {"id": 2, "body": "Another one."},
        {"id": 1, "body": null},
    ]);
    let answer = Ok(response(200, list.to_string()));
    let remarks = Host::new().run(|| remarks(answer)).unwrap();
    assert_eq!(find(&remarks, mark).as_deref(), Some("4"));
    assert_eq!(find(&remarks, "<!-- push-notify:summary:0012 -->"), None);
}
