//! Limits that honest templates and honest data meet.

use super::data;
use crate::{Template, sample_data};
use serde_json::{Value, json};

const KIB: usize = 1024;

#[test]
fn a_source_beyond_64_kib_is_refused() {
    assert!(Template::parse("", &"x".repeat(64 * KIB)).is_ok());
    let error = Template::parse("", &"x".repeat(64 * KIB + 1))
        .err()
        .expect("refused");
    assert_eq!(error.to_string(), "content: longer than 64 KiB");
}

#[test]
fn a_body_beyond_256_kib_is_cut_between_characters() {
    let template = Template::parse("", "x{{.CommitMsg}}").expect("sound");
    let body = template
        .render(&json!({"CommitMsg": "长".repeat(200 * KIB)}))
        .expect("renders")
        .body;
    assert!(body.len() <= 256 * KIB && body.len() > 255 * KIB);
    assert!(body.starts_with("x长") && body.ends_with("长…"));
}

#[test]
fn a_message_with_very_much_data_is_cut_and_not_lost() {
    let source = "{{range .ChangedFiles}}{{if .}}- {{. | upper}}{{end}}{{end}}end";
    let template = Template::parse("", source).expect("sound");
    let files = vec!["a"; 1_000_000];
    let body = template
        .render(&json!({ "ChangedFiles": files }))
        .expect("renders")
        .body;
    assert!(body.starts_with("- A- A") && body.ends_with('…'));
}

#[test]
fn a_large_push_fits_the_limits() {
    let commit = sample_data()["Commits"][0].clone();
    let data = json!({"Commits": vec![commit; 1000], "ChangedFiles": vec!["src/file.rs"; 3000], "FileCount": 3000});
    let source = "{{range $i, $c := .Commits}}{{if lt $i (len $.Commits)}}- {{if $c.Url}}[{{$c.ShortId}}]({{$c.Url}}){{end}} \
        {{$c.Author}}: {{$c.Message | firstLine | trunc 50}}\n{{end}}{{end}}\
        {{range $i, $f := .ChangedFiles}}{{if lt $i 20}}- {{$f}}\n{{end}}{{end}}{{.FileCount}}";
    let template = Template::parse("", source).expect("sound");
    assert!(
        template
            .render(&data)
            .expect("renders")
            .body
            .ends_with("\n3000")
    );
}

#[test]
fn nested_blocks_have_a_limit() {
    let nested = |depth: usize| {
        format!(
            "{}x{}",
            "{{if true}}".repeat(depth),
            "{{end}}".repeat(depth)
        )
    };
    assert!(Template::parse("", &nested(60)).is_ok());
    assert!(Template::parse("", &nested(61)).is_err());
    let chain = |links: usize| {
        format!(
            "{{{{if false}}}}{}{{{{end}}}}",
            "{{else if false}}".repeat(links)
        )
    };
    assert!(Template::parse("", &chain(59)).is_ok());
    assert!(Template::parse("", &chain(60)).is_err());
}

#[test]
fn data_that_is_nested_too_deeply_ends_in_null() {
    let mut deep = json!("bottom");
    for _ in 0..100 {
        deep = Value::Array(vec![deep]);
    }
    let template = Template::parse("", "{{.ChangedFiles}}").expect("sound");
    let body = template
        .render(&json!({ "ChangedFiles": deep }))
        .expect("renders")
        .body;
    assert!(body.starts_with("[[[[") && body.contains("[<nil>]"));
}

#[test]
fn data_that_is_no_object_renders_what_needs_none() {
    let template = Template::parse("", "a{{.Author}}b").expect("sound");
    assert_eq!(
        template.render(&Value::Null).map(|r| r.body).as_deref(),
        Ok("a<no value>b")
    );
    assert!(template.render(&json!([1])).is_err());
}

#[test]
fn one_template_serves_many_threads() {
    fn shared<T: Send + Sync>(value: &T) -> &T {
        value
    }
    let template =
        Template::parse("{{.Author}}", "{{range .ChangedFiles}}{{.}}{{end}}").expect("sound");
    let template = shared(&template);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                for _ in 0..50 {
                    let rendered = template.render(&data()).expect("renders");
                    assert_eq!(
                        (rendered.title.as_str(), rendered.body.as_str()),
                        ("hello", "abc")
                    );
                }
            });
        }
    });
}
