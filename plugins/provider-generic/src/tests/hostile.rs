use super::{event, faults, preview, preview_with};
use serde_json::json;

#[test]
fn a_body_that_two_readers_would_read_differently_is_refused() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let large = format!("\"{}\"", "a".repeat(1 << 20));
    for (body, told) in [
        (&b""[..], "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b"{\"a\":\"\xff\"}", "is not UTF-8"),
        (b"{", "is not JSON"),
        (b"{} {}", "is not JSON"),
        (br#"{"a":1,"a":2}"#, "the key `a` is there twice"),
        (br#"{"b":{"a":1,"a":1}}"#, "the key `a` is there twice"),
        (br#"{"a":1e999}"#, "is not JSON"),
        (deep.as_bytes(), "is not JSON"),
        (large.as_bytes(), "is larger than 1 MiB"),
    ] {
        let found = faults(preview_with(json!({"title": "/a"}), &[], body));
        let (field, en) = &found[0];
        assert_eq!(field, "body");
        assert!(en.contains(told), "{en}, not {told}");
    }
}

#[test]
fn a_form_is_read_and_what_is_there_twice_is_a_list() {
    let headers = [(
        "content-type",
        "application/x-www-form-urlencoded; charset=utf-8",
    )];
    let body = b"name=a+b%20c&tag=x&tag=y&tag=z&empty";
    for (pointer, made) in [
        ("/name", "a b c"),
        ("/tag", r#"["x","y","z"]"#),
        ("/tag/1", "y"),
    ] {
        let made_of = preview_with(json!({ "title": pointer }), &headers, body).unwrap();
        assert_eq!(made_of.events[0].title.as_deref(), Some(made));
    }
}

#[test]
fn long_and_many_are_kept_or_told_apart() {
    let long = "s".repeat(10 << 10);
    let labels: serde_json::Map<_, _> = (0..10_000)
        .map(|at| (format!("label{at}"), at.into()))
        .collect();
    let body = json!({"a": long, "labels": labels});
    let made = event(
        json!({"title": "x", "subject": "/a", "labels": "/labels"}),
        &body,
    );
    let subject = made.subject.unwrap();
    assert!(
        subject.starts_with("sha256:") && subject.len() < 100,
        "{subject}"
    );
    assert_eq!(made.labels.len(), 10_000);
}

#[test]
fn numbers_stay_what_they_were_sent_as() {
    for number in [
        "18446744073709551615",
        "-9223372036854775808",
        "0.5",
        "1e308",
    ] {
        let body = format!("{{\"a\":{number}}}");
        let made = preview_with(json!({"title": "/a"}), &[], body.as_bytes()).unwrap();
        let title = made.events[0].title.clone().unwrap();
        let same = title == number || title.parse::<f64>() == number.parse::<f64>();
        assert!(same, "{title}, not {number}");
    }
}

#[test]
fn templates_that_call_themselves_end() {
    let own = r#"{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}"#;
    let made = preview(json!({"title": "x", "text": own}), &json!({}));
    assert!(made.is_ok(), "{made:?}");
    let source = "{{range .Body.l}}{{range $.Body.l}}{{range $.Body.l}}x{{end}}{{end}}{{end}}";
    let many = json!({"l": vec![0; 1000]});
    let made = event(json!({"title": "x", "text": source}), &many);
    assert!(made.text.unwrap().len() <= 256 << 10);
}
