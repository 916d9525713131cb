use super::{Change, DigestRule};
use crate::http::extract::Form;
use serde_json::{Value, json};

/// The field after a body was read, and what is wrong with the body.
fn changed(body: Value, digest: DigestRule) -> (DigestRule, Option<String>) {
    let Value::Object(fields) = body else {
        panic!("{body} is no object")
    };
    let mut form = Form::from(fields);
    let digest = Change::read(&mut form).onto(digest, &mut form);
    let problem = form.finish().err();
    (digest, problem.map(|problem| format!("{problem:?}")))
}

#[test]
fn what_is_not_named_stays_and_null_is_the_usual() {
    let on = DigestRule {
        enabled: true,
        min: 5,
        max: 20,
    };
    assert_eq!(changed(json!({}), on).0, on);
    let more = changed(json!({"digest": {"max": 30}}), on).0;
    assert_eq!(more, DigestRule { max: 30, ..on });
    assert_eq!(
        changed(json!({"digest": null}), on).0,
        DigestRule::default()
    );
    assert!(!DigestRule::default().enabled);
}

#[test]
fn what_makes_no_sense_is_refused_by_its_name() {
    for (digest, name) in [
        (json!({"min": 1}), "digest.min"),
        (json!({"max": 201}), "digest.max"),
        (json!({"min": 51}), "digest.min"),
        (json!({"enabled": "yes"}), "digest.enabled"),
        (json!({"minimum": 3}), "digest.minimum"),
        (json!(true), "digest"),
    ] {
        let (_, problem) = changed(json!({"digest": digest}), DigestRule::default());
        let problem = problem.unwrap_or_default();
        assert!(problem.contains(name), "{digest}: {problem}");
    }
}

#[test]
fn what_is_stored_is_read_again() {
    let on = DigestRule {
        enabled: true,
        ..DigestRule::default()
    };
    let stored = on.to_stored();
    assert_eq!(DigestRule::from_stored(stored.as_deref()).unwrap(), on);
    assert_eq!(DigestRule::default().to_stored(), None);
    assert_eq!(
        DigestRule::from_stored(None).unwrap(),
        DigestRule::default()
    );
}
