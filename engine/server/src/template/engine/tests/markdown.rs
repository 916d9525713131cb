use crate::template::engine::{data, markdown};
use gotmpl::Value;
use serde_json::json;

fn escaped(json: serde_json::Value) -> Value {
    markdown::escaped(&data::value(&json))
}

fn unchanged(json: serde_json::Value) -> Value {
    data::value(&json)
}

#[test]
fn brackets_and_tags_of_strangers_are_neutralised_at_any_depth() {
    let data = json!({
        "CommitMsg": "[click](http://evil.example) ![i](x) <img src=x>",
        "Commits": [{"Message": "a [b] <c>", "Author": "plain"}],
        "ChangedFiles": ["a[0].txt"],
        "FileCount": 1,
    });
    let expected = json!({
        "CommitMsg": "\\[click\\](http://evil.example) !\\[i\\](x) &lt;img src=x>",
        "Commits": [{"Message": "a \\[b\\] &lt;c>", "Author": "plain"}],
        "ChangedFiles": ["a\\[0\\].txt"],
        "FileCount": 1,
    });
    assert_eq!(escaped(data), unchanged(expected));
}

#[test]
fn a_backslash_does_not_undo_the_escape() {
    for (text, expected) in [
        (r"\[a\](x)", r"\\\[a\\\](x)"),
        (r"\\[a]", r"\\\\\[a\]"),
        (r"end\", r"end\\"),
        (r"C:\dir\file", r"C:\dir\file"),
        (r"\<b>", r"\&lt;b>"),
    ] {
        assert_eq!(escaped(json!(text)), unchanged(json!(expected)), "{text}");
    }
}

#[test]
fn addresses_stay_or_become_empty() {
    for good in [
        "https://git.example.com/a/b/compare/1...2?x=1&y=%20#L1",
        "http://localhost:8080/",
        "HTTPS://git.example.com/",
    ] {
        let data = json!({"Url": good, "RepoUrl": good});
        assert_eq!(escaped(data.clone()), unchanged(data));
    }
    for bad in [
        "javascript:alert(1)",
        "//evil.example",
        "https://",
        "https:///path",
        "ftp://a.example",
        "https://a.example/x)y",
        "https://a.example/ b",
        "https://a.example/[b]",
        "https://a.example/\"x",
        "https://a.example/<x>",
        "https://a.example/\nx",
        "https://a.example/x\\",
        "张https://a.example",
        "",
    ] {
        assert_eq!(
            escaped(json!({"Commits": [{"Url": bad}]})),
            unchanged(json!({"Commits": [{"Url": ""}]})),
            "{bad}"
        );
    }
}

#[test]
fn only_the_key_itself_makes_an_address() {
    let data = json!({"Url": null, "Urls": "[x]", "BaseUrl": {"Name": "[x]"}, "Curl": "[x]"});
    let expected =
        json!({"Url": null, "Urls": "\\[x\\]", "BaseUrl": {"Name": "\\[x\\]"}, "Curl": "\\[x\\]"});
    assert_eq!(escaped(data), unchanged(expected));
}
