use super::{MergedReview, Part, combine};
use crate::{Decision, Severity, answer::Reply, plan::File};

fn files() -> Vec<File> {
    ["src/a.go", "src/b.go"]
        .map(|path| File {
            path: path.to_owned(),
            old_path: None,
            language: Some("go"),
            patch: "@@ -9,2 +10,3 @@\n one\n+two\n three\n".to_owned(),
            prompt: 0,
        })
        .to_vec()
}

fn whole(replies: &[(&str, u32)], floor: Severity) -> MergedReview {
    let categories = ["BUG".to_owned(), "STYLE".to_owned()];
    let part = |(text, tokens): &(&str, u32)| Part {
        reply: Reply::read(text, "id"),
        tokens: *tokens,
        categories: &categories,
    };
    combine(replies.iter().map(part).collect(), &files(), floor)
}

fn issue(path: &str, line: u32, severity: &str) -> String {
    format!(
        r#"{{"path":"{path}","line":{line},"severity":"{severity}","category":"BUG","message":"m {path} {line}"}}"#
    )
}

fn reply(decision: &str, issues: &[String]) -> String {
    format!(
        r#"{{"summary":"s","decision":"{decision}","issues":[{}]}}"#,
        issues.join(",")
    )
}

#[test]
fn only_lines_that_the_diff_shows_are_kept() {
    let text = reply(
        "COMMENT",
        &[
            issue("src/a.go", 11, "LOW"),
            issue("b/src/b.go", 99, "LOW"),
            issue("other.go", 1, "LOW"),
        ],
    );
    let whole = whole(&[(&text, 1)], Severity::Low);
    let places: Vec<_> = whole
        .issues
        .iter()
        .map(|issue| (issue.path.as_deref(), issue.line))
        .collect();
    assert_eq!(
        places,
        [
            (None, None),
            (Some("src/a.go"), Some(11)),
            (Some("src/b.go"), None)
        ]
    );
    assert_eq!(whole.issues[0].message, "other.go: m other.go 1");
    let place = whole.issues[1].place.unwrap();
    assert_eq!((place.old_line, place.position), (None, 2));
}

#[test]
fn the_worst_decision_counts() {
    let all = |decisions: &[&str]| {
        let texts: Vec<String> = decisions
            .iter()
            .map(|decision| reply(decision, &[]))
            .collect();
        let parts: Vec<(&str, u32)> = texts.iter().map(|text| (text.as_str(), 1)).collect();
        whole(&parts, Severity::Low).decision
    };
    assert_eq!(all(&["APPROVED", "APPROVED"]), Decision::Approved);
    assert_eq!(all(&["APPROVED", "COMMENT"]), Decision::Comment);
    assert_eq!(
        all(&["REQUEST_CHANGES", "APPROVED"]),
        Decision::RequestChanges
    );
}

#[test]
fn an_approval_beside_a_grave_issue_is_none() {
    let text = reply("APPROVED", &[issue("src/a.go", 11, "CRITICAL")]);
    assert_eq!(
        whole(&[(&text, 1)], Severity::Low).decision,
        Decision::Comment
    );
    let text = reply("APPROVED", &[issue("src/a.go", 11, "LOW")]);
    assert_eq!(
        whole(&[(&text, 1)], Severity::Low).decision,
        Decision::Approved
    );
}

#[test]
fn a_reply_without_a_decision_is_judged_by_its_issues() {
    let text = reply("?", &[issue("src/a.go", 11, "HIGH")]);
    assert_eq!(
        whole(&[(&text, 1)], Severity::Low).decision,
        Decision::RequestChanges
    );
    assert_eq!(
        whole(&[("just prose", 1)], Severity::Low).decision,
        Decision::Comment
    );
}

#[test]
fn the_score_is_a_mean_by_size() {
    let scored = |score: u32| format!(r#"{{"summary":"s","score":{score}}}"#);
    let (bad, good) = (scored(40), scored(100));
    assert_eq!(
        whole(&[(&bad, 300), (&good, 100)], Severity::Low).score,
        Some(55)
    );
    assert_eq!(whole(&[("prose", 5)], Severity::Low).score, None);
}

#[test]
fn issues_are_sorted_told_once_and_held_to_the_floor() {
    let text = reply(
        "COMMENT",
        &[
            issue("src/a.go", 10, "LOW"),
            issue("src/b.go", 10, "HIGH"),
            issue("src/a.go", 11, "HIGH"),
            issue("src/a.go", 11, "HIGH"),
        ],
    );
    let whole = whole(&[(&text, 1)], Severity::Medium);
    let places: Vec<_> = whole
        .issues
        .iter()
        .map(|issue| issue.message.as_str())
        .collect();
    assert_eq!(places, ["m src/a.go 11", "m src/b.go 10"]);
}
