use super::{Field, MOST_FIELDS, Message, OfEvent, unified};
use serde_json::{Value, json};

fn field(path: &str, before: Value, after: Value) -> Field {
    Field {
        path: path.to_owned(),
        before,
        after,
    }
}

#[test]
fn fields_that_differ_are_named_by_their_path() {
    let before = json!({"kind": "push", "commits": [{"id": "a", "message": "one"}], "gone": 1});
    let after = json!({"kind": "push", "commits": [{"id": "a", "message": "two"}, {"id": "b"}], "new": true});
    let difference = OfEvent::between(&before, &after);
    assert_eq!(
        difference.fields,
        [
            field("commits[0].message", json!("one"), json!("two")),
            field("commits[1]", Value::Null, json!({"id": "b"})),
            field("gone", json!(1), Value::Null),
            field("new", Value::Null, json!(true)),
        ]
    );
    assert_eq!(OfEvent::between(&before, &before), OfEvent::default());
}

#[test]
fn a_difference_has_bounds_and_says_what_is_beyond() {
    let many = |by: usize| Value::from((0..1000).map(|n| n + by).collect::<Vec<_>>());
    let difference = OfEvent::between(&json!({"n": many(0)}), &json!({"n": many(1)}));
    assert_eq!(
        (difference.fields.len(), difference.total),
        (MOST_FIELDS, 1000)
    );
    let long = OfEvent::between(&json!({"text": "x".repeat(9000)}), &json!({"text": ""}));
    let shown = long.fields[0].before.as_str().unwrap();
    assert!(shown.ends_with('…') && shown.chars().count() == 2001);
}

#[test]
fn a_message_differs_by_lines() {
    let message = |title: &str, body: &str| Message {
        title: title.to_owned(),
        body: body.to_owned(),
    };
    let (old, new) = (message("t", "one\ntwo"), message("t", "one\n2"));
    let diff = Message::diff(Some(&old), Some(&new));
    assert!(diff.starts_with("--- then\n+++ now\n"), "{diff}");
    assert!(diff.contains("-two\n+2\n"), "{diff}");
    assert_eq!(Message::diff(Some(&old), Some(&old)), "");
    assert!(Message::diff(None, Some(&new)).contains("+2"));
    assert_eq!(unified("", ""), "");
}
