use super::{Told, at_line, harmless, summary};
use crate::{Coverage, Decision, Issue, Language, Reason, Severity};
use push_notify_template::testing::{normal, read, strangers};

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
        ("/approve\n  /merge", "\\/approve  \n\u{a0}\u{a0}\\/merge"),
        (
            "![x](http://evil.example/p.png)",
            "!\u{200b}\\[x\\](http:\u{200b}//evil.example/p.png)",
        ),
        ("[x](y)", "\\[x\\](y)"),
        (r"\[x](y)", r"\\\[x\](y)"),
        ("[x][1]\n\n[1]: y", "\\[x\\]\\[1\\]\n\n\\[1\\]: y"),
        ("<img src=x>", "\\<img src=x>"),
        ("<https://evil.example>", "\\<https:\u{200b}//evil.example>"),
        (
            "www.evil.example a@evil.example",
            "www\u{200b}.evil.example a@\u{200b}evil.example",
        ),
        ("&#64;all &lt;b>", "\\&#\u{200b}64;all \\&lt;b>"),
        (
            "fixes #1, GH-2, a/b#3 !4 &5",
            "fixes #\u{200b}1, GH-\u{200b}2, a/b#\u{200b}3 !\u{200b}4 &\u{200b}5",
        ),
        (
            "look ` @u ![x](y) <b>",
            "look \\` @\u{200b}u !\u{200b}\\[x\\](y) \\<b>",
        ),
        ("use `@Override` here", "use `@\u{200b}Override` here"),
        ("use `a[0]` here", "use `a[0]` here"),
        ("`a`b` @u", "`a`b\\` @\u{200b}u"),
        ("lib/__init__.py, *.rs", "lib/\\_\\_init\\_\\_.py, \\*.rs"),
        ("a\nb\n\nc", "a  \nb\n\nc"),
        (
            "# Review: approved\n> x\n- y\nz\n===",
            "\\# Review: approved  \n\\> x  \n\\- y  \nz  \n\\===",
        ),
        ("~~~\n```\n~~~\n@u", "~~~\n```\n~~~\n@\u{200b}u"),
        ("````\n```\n@u\n````\n@u", "````\n```\n@u\n````\n@\u{200b}u"),
        ("```a`b\n@u", "\\`\\`\\`a\\`b  \n@\u{200b}u"),
        (
            "x\n    ```\n@u",
            "x  \n\u{a0}\u{a0}\u{a0}\u{a0}\\`\\`\\`  \n@\u{200b}u",
        ),
        ("```\n/approve @all\n```", "```\n/approve @all\n```"),
        ("```\n/approve", "```\n/approve\n```"),
        ("```go x\na\n```", "```go\na\n```"),
        ("```mermaid\na\n```", "```\na\n```"),
        ("```suggestion:-0+1\na\n```", "```\na\n```"),
        ("- a\n  ```\n@u\n  ```", "\\- a\n```\n@u\n  ```"),
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
fn code_that_a_message_begins_with_stands_on_lines_of_its_own() {
    let issue = Issue {
        message: "```\n@all [x](http://evil.example)\n```".to_owned(),
        suggestion: None,
        ..issue(None)
    };
    assert_eq!(
        at_line(&issue),
        "**[BUG:HIGH]**\n\n```\n@all [x](http://evil.example)\n```"
    );
}

#[test]
fn a_path_stays_in_its_code() {
    let issues = [Issue {
        path: Some("a`b\n\n[x](http://evil.example)".to_owned()),
        ..issue(None)
    }];
    let mut coverage = Coverage::default();
    coverage.leave_out("c\n\n# d @all", Reason::Budget);
    let told = Told {
        decision: Decision::Comment,
        score: None,
        summary: "s",
        issues: &issues,
        coverage: &coverage,
        model: Some("m\n# x"),
        language: Language::English,
    };
    let text = summary(&told, |_| true);
    assert!(
        text.contains("- ``a`b  [x](http://evil.example)`` **[BUG:HIGH]**"),
        "{text}"
    );
    assert!(text.contains(": c \\# d @\u{200b}all\n"), "{text}");
    assert!(text.ends_with("Push Notify · m \\# x</sub>"), "{text}");
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

#[test]
fn what_a_model_says_is_shown_and_does_nothing() {
    for value in strangers() {
        let made = harmless(&value);
        let shown = read(&made);
        let is_inactive = |it: &String| it.starts_with("CodeBlock");
        assert!(
            shown.links.is_empty() && shown.markup.iter().all(is_inactive),
            "{value:?} gave {made:?}: {shown:?}"
        );
        // Hosts look for these in what is left.
        let text = &shown.text;
        let acts = |mark: &str| {
            text.match_indices(mark).any(|(at, _)| {
                text[at + mark.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '/')
            })
        };
        assert!(
            !acts("@") && !acts(":/") && !acts("www."),
            "{value:?} gave {made:?}"
        );
        // What stands in backticks is code, and loses them.
        if !value.contains(['`', '~']) {
            let text = text.replace('\u{200b}', "");
            let value = value.replace('\u{200b}', "");
            assert_eq!(normal(&text), normal(value.trim()), "{made:?}");
        }
    }
}
