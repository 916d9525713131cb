//! Replies that call things by other names, or wrap them in others.

use super::{Reply, read};
use crate::Severity;

/// Whoever says it and however, there is one issue, and it is read in full.
fn one(text: &str) -> Reply {
    let reply = read(text);
    assert_eq!(reply.issues.len(), 1, "{text}\n{reply:#?}");
    assert!(reply.is_whole, "{text}\n{reply:#?}");
    reply
}

#[test]
fn a_list_of_issues_may_have_any_name() {
    for name in [
        "issues",
        "comments",
        "findings",
        "problems",
        "bugs",
        "errors",
        "warnings",
        "defects",
        "concerns",
        "violations",
        "review_comments",
        "inlineComments",
        "Review Comments",
        "vulnerabilities",
        "security_issues",
        "critical",
        "问题",
        "annotations",
        "suggestions",
    ] {
        let reply = one(&format!(
            r#"{{"id":"r-7f3a","decision":"APPROVED","summary":"s","{name}":[{{"path":"a.py","line":2,"severity":"HIGH","message":"m"}}]}}"#
        ));
        assert_eq!(reply.issues[0].severity, Some(Severity::High), "{name}");
    }
}

#[test]
fn an_issue_may_say_what_it_says_by_any_name() {
    for (entry, message) in [
        (r#"{"message":"m"}"#, "m"),
        (r#"{"text":"m"}"#, "m"),
        (r#"{"comment":"m"}"#, "m"),
        (r#"{"body":"m"}"#, "m"),
        (r#"{"description":"m"}"#, "m"),
        (r#"{"content":"m"}"#, "m"),
        (r#"{"issue":"m"}"#, "m"),
        (r#"{"problem":"m"}"#, "m"),
        (r#"{"title":"m"}"#, "m"),
        (r#"{"title":"t","description":"m"}"#, "t: m"),
        (r#"{"message":["m","n"]}"#, "m\nn"),
        (r#"{"Message":"m"}"#, "m"),
        (r#"{"问题":"m"}"#, "m"),
        (r#""m""#, "m"),
        (r#"[{"message":"m"}]"#, "m"),
        (r#"{"issue":{"message":"m","severity":"low"}}"#, "m"),
    ] {
        let reply = one(&format!(
            r#"{{"id":"r-7f3a","decision":"APPROVED","summary":"s","issues":[{entry}]}}"#
        ));
        assert_eq!(reply.issues[0].message, message, "{entry}");
    }
}

#[test]
fn a_place_may_be_told_in_any_way() {
    for place in [
        r#""path":"a/b.py","line":12"#,
        r#""file":"a/b.py","line_number":"12""#,
        r#""filename":"a/b.py","startLine":12"#,
        r#""file_path":"a/b.py","lines":[12,14]"#,
        r#""filePath":"a/b.py","lines":"12-14""#,
        r#""path":"a/b.py:12""#,
        r#""path":"a/b.py:12:5""#,
        r#""path":"a/b.py#L12-L14""#,
        r#""location":"a/b.py:12""#,
        r#""location":{"path":"a/b.py","line":12}"#,
        r#""location":{"file":"a/b.py","start":{"line":12}}"#,
        r#""path":"a/b.py","line":{"start":12,"end":14}"#,
    ] {
        let reply = one(&format!(
            r#"{{"id":"r-7f3a","summary":"s","issues":[{{{place},"message":"m"}}]}}"#
        ));
        let issue = &reply.issues[0];
        assert_eq!(issue.path.as_deref(), Some("a/b.py"), "{place}");
        assert_eq!(issue.line, Some(12), "{place}");
    }
}

#[test]
fn a_review_may_be_wrapped() {
    let issue = r#"{"path":"a.py","line":2,"severity":"HIGH","message":"m"}"#;
    let review = format!(
        r#"{{"id":"r-7f3a","score":5,"decision":"APPROVED","summary":"s","issues":[{issue}]}}"#
    );
    let rest = r#""score":5,"decision":"APPROVED","summary":"s""#;
    let quoted = serde_json::to_string(&review).unwrap_or_default();
    for text in [
        format!(r#"{{"review":{review}}}"#),
        format!(r#"{{"data":{{"result":{review}}}}}"#),
        format!("[{review}]"),
        format!(r#"{{"id":"r-7f3a","review":{{{rest},"issues":[{issue}]}}}}"#),
        format!(r#"{{"id":"r-7f3a",{rest},"details":{{"findings":[{issue}]}}}}"#),
        format!(r#"{{"id":"r-7f3a",{rest},"issues":{issue}}}"#),
        format!(r#"{{"id":"r-7f3a",{rest},"issues":{{"1":{issue}}}}}"#),
        format!(
            r#"{{"id":"r-7f3a",{rest},"issues":{{"a.py":[{{"line":2,"message":"m","severity":"HIGH"}}]}}}}"#
        ),
        format!(
            r#"{{"id":"r-7f3a",{rest},"issues":{{"high":[{{"path":"a.py","line":2,"message":"m"}}],"low":[]}}}}"#
        ),
        format!(
            r#"{{"id":"r-7f3a",{rest},"files":[{{"path":"a.py","issues":[{{"line":2,"message":"m","severity":"HIGH"}}]}},"b.py"]}}"#
        ),
        format!(r#"{{"id":"r-7f3a",{rest},"items":[{issue}]}}"#),
        format!(r#"{{"answer":{quoted}}}"#),
        quoted.clone(),
        quoted.trim_matches('"').to_owned(),
        format!(
            r#"{{"id":"r-7f3a",{rest},"by":"a, \"b\": {{c}}","issues":{{"a.py":{issue}}},"x:y, {{z}}":1,"":"]"}}"#
        ),
        format!("```json\n```json\n{review}\n```\n```"),
    ] {
        let reply = one(&text);
        assert_eq!(reply.score, Some(5), "{text}");
        assert_eq!(reply.summary, "s", "{text}");
        let issue = &reply.issues[0];
        assert_eq!(
            (issue.path.as_deref(), issue.line, issue.severity),
            (Some("a.py"), Some(2), Some(Severity::High)),
            "{text}"
        );
    }
}

#[test]
fn issues_by_number_or_file_are_all_there() {
    let issue = |message: &str| format!(r#"{{"line":2,"severity":"LOW","message":"{message}"}}"#);
    let (one, two) = (issue("one"), issue("two"));
    for issues in [
        format!(r#"{{"1":{one},"2":{two}}}"#),
        format!(r#"{{"a.py":{one},"b.py":{two}}}"#),
        format!(r#"{{"a.py":[{one}],"b.py":[{two}]}}"#),
        format!(r#"{{"high":[{one}],"low":[{two}]}}"#),
        format!(r#"{{"list":[{one},{two}]}}"#),
        format!(r#"[[{one}],[{two}]]"#),
        format!(r#"[{{"path":"a.py","issues":[{one},{two}]}}]"#),
    ] {
        let text = format!(r#"{{"id":"r-7f3a","summary":"s","issues":{issues}}}"#);
        let reply = read(&text);
        let told: Vec<&str> = reply
            .issues
            .iter()
            .map(|issue| issue.message.as_str())
            .collect();
        assert_eq!(told, ["one", "two"], "{text}");
        assert!(reply.is_whole, "{text}");
    }
}

#[test]
fn a_list_without_issues_is_none() {
    for issues in [
        r#""issues":[]"#,
        r#""issues":null"#,
        r#""issues":[null]"#,
        r#""issues":[{}]"#,
        r#""issues":["none"]"#,
        r#""issues":"None.""#,
        r#""issues":"无""#,
        r#""issues":{}"#,
        r#""issues":[],"positives":["well tested"],"files_reviewed":["a.py"]"#,
        r#""issues":[{"path":null,"message":""}]"#,
        r#""risks":{"level":"low"}"#,
    ] {
        let text = format!(r#"{{"id":"r-7f3a","decision":"APPROVED","summary":"s",{issues}}}"#);
        let reply = read(&text);
        assert!(
            reply.issues.is_empty() && reply.is_whole,
            "{text}\n{reply:#?}"
        );
    }
}

#[test]
fn what_nobody_understands_makes_it_incomplete() {
    for more in [
        r#""note":"no list at all""#,
        r#""issues":[{"what":"eval"}]"#,
        r#""issues":[42]"#,
        r#""issues":3"#,
        r#""things":["eval is dangerous"]"#,
        r#""things":[{"what":"eval is dangerous"}]"#,
        r#""issues":[{"path":"a.py","line":2,"severity":"CRITICAL"}]"#,
        r#""issues":[true]"#,
        r#""issues":[{"message":"a","message":"b"}]"#,
        r#""issues":[[[[[[[[[["deep"]]]]]]]]]]"#,
        r#""walkthrough":[["a.py","eval"]]"#,
    ] {
        let text = format!(r#"{{"id":"r-7f3a","decision":"APPROVED","summary":"s",{more}}}"#);
        let reply = read(&text);
        assert!(!reply.is_whole, "{text}\n{reply:#?}");
    }
}

#[test]
fn issues_without_a_review_around_them_are_kept() {
    let issue = r#"{"path":"a.py","line":2,"severity":"HIGH","message":"m"}"#;
    for text in [issue.to_owned(), format!("[{issue}]"), format!("{issue}\n")] {
        let reply = read(&text);
        assert_eq!(reply.issues.len(), 1, "{text}");
        assert!(!reply.is_whole, "{text}");
    }
}

#[test]
fn more_issues_than_are_kept_make_it_incomplete() {
    let many = r#"{"message":"m","severity":"LOW"},"#.repeat(100);
    let text = format!(
        r#"{{"id":"r-7f3a","summary":"s","issues":[{many}{{"message":"last","severity":"CRITICAL"}}]}}"#
    );
    let reply = read(&text);
    assert_eq!(reply.issues.len(), 100);
    assert_eq!(reply.issues[0].message, "last");
    assert!(!reply.is_whole);
}
