use super::{Told, at_line, harmless, summary};
use crate::review::{Coverage, Decision, Issue, Language, Reason, Severity};

fn issue(line: Option<u32>) -> Issue {
    Issue {
        path: Some("src/a.go".to_owned()),
        line,
        severity: Severity::High,
        category: "BUG".to_owned(),
        message: "nil is dereferenced".to_owned(),
        suggestion: Some("```go\nif x == nil { return } // @x\n```".to_owned()),
        place: None,
        old_path: None,
    }
}

#[test]
fn what_would_act_at_the_host_is_harmless() {
    for (text, shown) in [
        ("ask @all now", "ask @\u{200b}all now"),
        ("/approve\n  /merge", "\\/approve\n\\  /merge"),
        (
            "![x](http://evil.example/p.png)",
            "!\u{200b}[x](http://evil.example/p.png)",
        ),
        ("<img src=x>", "&lt;img src=x>"),
        (
            "look ` @u ![x](y) <b>",
            "look ` @\u{200b}u !\u{200b}[x](y) &lt;b>",
        ),
        ("use `@Override` here", "use `@\u{200b}Override` here"),
        ("~~~\n```\n~~~\n@u", "~~~\n```\n~~~\n@\u{200b}u"),
        ("````\n```\n@u\n````\n@u", "````\n```\n@u\n````\n@\u{200b}u"),
        ("```a`b\n@u", "```a`b\n@\u{200b}u"),
        ("x\n    ```\n@u", "x\n    ```\n@\u{200b}u"),
        ("```\n/approve @all\n```", "```\n/approve @all\n```"),
        ("```\n/approve", "```\n/approve\n```"),
    ] {
        assert_eq!(harmless(text), shown, "{text}");
    }
}

#[test]
fn a_comment_at_a_line_has_label_message_and_suggestion() {
    assert_eq!(
        at_line(&issue(Some(3))),
        "**[BUG:HIGH]** nil is dereferenced\n\n```go\nif x == nil { return } // @x\n```"
    );
}

#[test]
fn a_summary_says_what_was_found_and_what_was_not_looked_at() {
    let mut coverage = Coverage::default();
    coverage.leave_out("big.go", Reason::Budget);
    let issues = [issue(Some(3)), issue(None)];
    let told = Told {
        decision: Decision::RequestChanges,
        score: Some(60),
        summary: "Two bugs.",
        issues: &issues,
        coverage: &coverage,
        model: Some("gpt-test"),
        language: Language::English,
    };
    let text = summary(&told, |issue| issue.line.is_none());
    assert!(text.starts_with("### Code review: Changes requested (60/100)\n\nTwo bugs.\n\n- `src/a.go` **[BUG:HIGH]**"), "{text}");
    assert_eq!(text.matches("**[BUG:HIGH]**").count(), 1);
    assert!(text.contains("Issues: 2."), "{text}");
    assert!(
        text.contains("> 1 file not reviewed (over the token budget): big.go"),
        "{text}"
    );
    assert!(
        text.ends_with("<sub>Push Notify · gpt-test</sub>"),
        "{text}"
    );
}
