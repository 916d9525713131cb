use super::*;

fn hidden(body: &str, values: &[&str]) -> String {
    let kept = without(body.as_bytes(), values.iter().copied());
    String::from_utf8(kept.into_owned()).unwrap()
}

#[test]
fn every_occurrence_of_every_value_is_hidden() {
    let body = r#"{"password":"first-secret","sign":"c2lnbmF0dXJl+/=","again":"first-secret"}"#;
    assert_eq!(
        hidden(body, &["first-secret", "c2lnbmF0dXJl+/="]),
        r#"{"password":"******","sign":"******","again":"******"}"#
    );
}

#[test]
fn a_value_is_found_as_json_writes_it() {
    assert_eq!(
        hidden(
            r#"{"password":"a\"quoted\\secret"}"#,
            &[r#"a"quoted\secret"#]
        ),
        r#"{"password":"******"}"#
    );
}

#[test]
fn a_body_without_them_is_not_copied() {
    let values = ["some-secret", "short", ""];
    let kept = without(b"{\"text\":\"short\"}", values.into_iter());
    assert!(matches!(kept, Cow::Borrowed(b"{\"text\":\"short\"}")));
}
