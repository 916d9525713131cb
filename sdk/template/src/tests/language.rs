use crate::{Template, TemplateError};
use serde_json::{Value, json};

fn rendered(content: &str, data: &Value) -> Result<String, TemplateError> {
    let rendered = Template::parse("t", content)?.render_message(data)?;
    Ok(rendered.body)
}

#[test]
fn a_message_speaks_the_language_of_its_readers() {
    let named = r#"{{define "n"}}{{tr "甲" "a"}}{{end}}{{template "n"}}"#;
    let listed = r#"{{range .Labels}}{{tr "甲" "a"}}{{.Name}}{{end}}"#;
    for (content, zh, en) in [
        (r#"{{tr "甲" "a"}}"#, "甲", "a"),
        (r#"{{.RepoName | tr "甲"}}"#, "甲", "pear"),
        (named, "甲", "a"),
        (listed, "甲x", "ax"),
        ("{{word .Action}}", "已合并", "merged"),
        (
            r#"{{word "review_requested"}}"#,
            "请求审查",
            "review requested",
        ),
        ("{{word .State}}", "odd", "odd"),
        ("{{word nil}}", "", ""),
        ("{{word .FileCount}}", "3", "3"),
    ] {
        for (language, expected) in [
            (json!("zh-CN"), zh),
            (json!("en-US"), en),
            (json!("xx"), zh),
            (Value::Null, zh),
            (json!(7), zh),
        ] {
            let data = json!({
                "Language": language, "RepoName": "pear", "Labels": [{"Name": "x"}], "Action": "merged", "State": "odd",
                "FileCount": 3,
            });
            let body = rendered(content, &data).expect("a message");
            assert_eq!(body.trim_end(), expected, "{content} {language}");
        }
    }
}

#[test]
fn what_is_no_word_of_ours_stays_a_strangers_text() {
    let data = json!({"Action": "**merged**", "Language": "en-US"});
    assert_eq!(
        rendered("{{word .Action}}", &data).unwrap().trim_end(),
        r"\*\*merged\*\*"
    );
}

#[test]
fn both_languages_have_to_be_there() {
    for content in [
        r#"{{tr "甲"}}"#,
        "{{tr}}",
        r#"{{tr "a" "b" "c"}}"#,
        "{{word}}",
        r#"{{word "a" "b"}}"#,
    ] {
        assert!(Template::parse("t", content).is_err(), "{content}");
    }
}
