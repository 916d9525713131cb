use super::*;

fn at(json: &str, pointers: &[&str]) -> Vec<String> {
    let pointers: Vec<String> = pointers.iter().map(|&pointer| pointer.to_owned()).collect();
    texts(json.as_bytes(), &pointers, 20)
}

#[test]
fn texts_are_found_where_they_are_and_in_the_order_of_the_pointers() {
    let json = r#"{"other": [[{"a": 1e400}]], "a": {"b": "one", "c": ["x", {"d": "two"}], "e/~": "three"}, "": "four"}"#;
    let pointers = ["/a/c/1/d", "/a/b", "/nowhere", "/a/e~1~0", "/"];
    assert_eq!(at(json, &pointers), ["two", "one", "three", "four"]);
    // Of one that leads through another, or is there twice.
    assert_eq!(at(json, &["/a", "/a/b", "/a/b"]), ["one", "one"]);
}

#[test]
fn what_is_no_text_or_too_long_is_not_there() {
    for odd in [
        "1",
        "-1",
        "0.5",
        "true",
        "null",
        "[]",
        "{}",
        r#""a text that is too long""#,
    ] {
        let json = format!(r#"{{"a": {odd}, "b": "here"}}"#);
        assert_eq!(at(&json, &["/a", "/a/x", "/b"]), ["here"], "{odd}");
    }
}

#[test]
fn what_is_no_json_holds_nothing() {
    for odd in [
        "",
        "{",
        r#"{"a": "x""#,
        r#"{"a": "x"} {}"#,
        r#"{"a": "\ud83d"}"#,
    ] {
        assert_eq!(at(odd, &["/a"]), [""; 0], "{odd}");
    }
    let deep = format!(
        r#"{{"b": {}{}, "a": "x"}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert_eq!(at(&deep, &["/a"]), ["x"]);
}
