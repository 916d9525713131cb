use super::*;
use crate::facts::{Review, Reviewed, Severity};
use push_notify_core::i18n::Locale;

fn facts() -> Facts<'static> {
    Facts {
        repo: "shop",
        repository: "acme/shop",
        source: "github",
        kind: "merge_request",
        action: Some("opened"),
        title: Some("WIP: Pay by card".into()),
        state: Some("open"),
        severity: Some(Severity::High),
        branch: Some("feature/pay"),
        target_branch: Some("main"),
        number: Some(7),
        author: vec!["Li Si", "lisi", "lisi@example.com"],
        actor: vec!["dependabot[bot]"],
        bot: Some(true),
        draft: Some(false),
        labels: Some(vec!["team=payments".into(), "urgent".into()]),
        paths: Some(vec!["src/pay.rs", "docs/pay.md"]),
        commits: Some(3),
        review: Review::Done(Reviewed {
            decision: Some("REQUEST_CHANGES"),
            score: Some(55),
            severity: Some("high"),
            issues: 4,
        }),
        ..Facts::default()
    }
}

#[test]
fn what_an_expression_says_of_an_event() {
    let facts = facts();
    for (text, expected) in [
        ("true", Met::Yes),
        ("!true", Met::No),
        ("kind == 'merge_request'", Met::Yes),
        ("kind == \"push\"", Met::No),
        ("kind != 'push' && action == 'opened'", Met::Yes),
        ("kind in ['push', 'merge_request']", Met::Yes),
        ("kind in []", Met::No),
        ("tag == 'v1'", Met::Unknown),
        ("tag == 'v1' || kind == 'merge_request'", Met::Yes),
        ("tag == 'v1' && kind == 'push'", Met::No),
        ("!(tag == 'v1')", Met::Unknown),
        ("has(tag)", Met::No),
        ("has(branch) && has(labels) && has(author)", Met::Yes),
        ("title.startsWith('WIP')", Met::Yes),
        ("title.contains('card') && !title.endsWith('!')", Met::Yes),
        ("title.lowerAscii().contains('wip')", Met::Yes),
        ("branch.matches(r'^feature/\\w+$')", Met::Yes),
        ("branch.matches('^main$')", Met::No),
        ("severity == 'high'", Met::Yes),
        ("severity >= 'medium'", Met::Yes),
        ("'critical' > severity", Met::Yes),
        ("severity in ['critical', 'low']", Met::No),
        ("author == 'lisi'", Met::Yes),
        ("author == 'lisi@example.com'", Met::Yes),
        ("author != 'lisi'", Met::No),
        ("author != 'wangwu'", Met::Yes),
        ("author.endsWith('@example.com')", Met::Yes),
        ("author in ['wangwu', 'lisi']", Met::Yes),
        ("bot", Met::Yes),
        ("draft == false", Met::Yes),
        ("draft != bot", Met::Yes),
        ("created", Met::Unknown),
        ("number > 5 && number <= 7", Met::Yes),
        ("commits + 2 == 5", Met::Yes),
        ("commits - 4 == -1", Met::Yes),
        ("size(labels) == 2", Met::Yes),
        ("paths.size() > 2", Met::No),
        ("size(kind) == 13", Met::Yes),
        ("'urgent' in labels", Met::Yes),
        ("'late' in labels", Met::No),
        ("label('team') == 'payments'", Met::Yes),
        ("label('team') in ['core']", Met::No),
        ("label('absent') == ''", Met::Yes),
        ("labels.exists(l, l.startsWith('team='))", Met::Yes),
        ("labels.all(l, size(l) < 20)", Met::Yes),
        (
            "paths.exists(p, p.endsWith('.md') && kind == 'push')",
            Met::No,
        ),
        ("paths.all(p, p.startsWith('docs/'))", Met::No),
        ("review.score < 60", Met::Yes),
        (
            "review.decision == 'REQUEST_CHANGES' && review.issues > 3",
            Met::Yes,
        ),
        ("review.severity >= 'critical'", Met::No),
        ("'\\u0077ip' == 'wip'", Met::Yes),
    ] {
        let when = When::compile(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(when.is_met(&facts), expected, "{text}");
    }
}

#[test]
fn a_review_that_is_awaited_is_unknown_and_one_that_never_comes_is_not_there() {
    for (review, score, has) in [
        (Review::None, Met::No, Met::No),
        (Review::Awaited, Met::Unknown, Met::No),
        (Review::Done(Reviewed::default()), Met::No, Met::No),
    ] {
        let facts = Facts { review, ..facts() };
        let met = |text: &str| When::compile(text).unwrap().is_met(&facts);
        assert_eq!(met("review.score < 60"), score, "{review:?}");
        assert_eq!(met("has(review.score)"), has, "{review:?}");
    }
    assert!(When::compile("review.score < 60").unwrap().reads_review());
    assert!(!When::compile("kind == 'push'").unwrap().reads_review());
}

#[test]
fn what_is_no_expression_is_refused_at_its_column() {
    let deep = format!("{}true", "!".repeat(40));
    let brackets = "(".repeat(2000);
    let lists = "[".repeat(2000);
    let points = "a.".repeat(1000);
    let long = format!("kind == '{}'", "x".repeat(3000));
    for (text, column, word) in [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("kind", 1, "boolean"),
        ("'a'", 1, "boolean"),
        ("1 + 2", 1, "boolean"),
        ("kind = 'push'", 6, "=="),
        ("kind == 'push' and bot", 16, "&&"),
        ("not bot", 1, "!"),
        ("kindd == 'push'", 1, "kind"),
        ("bot && branchh == 'x'", 8, "branch"),
        ("review == 1", 8, "."),
        ("review.scor < 1", 1, "review.score"),
        ("kind == 1", 6, "compare"),
        ("kind < bot", 6, "compare"),
        ("severity == 'bad'", 13, "critical"),
        ("severity in ['bad']", 13, "critical"),
        ("number > '5'", 8, "compare"),
        ("author < 'a'", 8, "compare"),
        ("kind == 'push", 9, "quote"),
        ("kind == ‘push’", 9, "quotes"),
        ("kind == 'push' )", 16, ")"),
        ("(kind == 'push'", 16, ")"),
        ("kind ==", 8, "early"),
        ("kind == 'push' 'x'", 16, "text"),
        ("branch.matches('(')", 16, "regular"),
        ("branch.matches(kind)", 16, "quotes"),
        ("branch.match('x')", 8, "matches"),
        ("label(kind) == 'x'", 7, "quotes"),
        ("has('x')", 5, "name"),
        ("sizes(kind) == 1", 1, "size"),
        ("size(bot) == 1", 6, "size"),
        ("labels.exists('x', true)", 15, "name"),
        ("labels.exists(l, paths.exists(p, p == l))", 24, "within"),
        ("labels.exists(l, size(l))", 18, "boolean"),
        ("kind in 'push'", 6, "list"),
        ("'\\d' == kind", 2, "escape"),
        ("kind == 'x' && 99999999999999999999 > 1", 16, "large"),
        ("kind # 'x'", 6, "#"),
        (&deep, 34, "deep"),
        (&brackets, 34, "deep"),
        (&lists, 34, "deep"),
        (&points, 1, "bot"),
        (&long, 1, "2048"),
    ] {
        let Err(error) = When::compile(text) else {
            panic!("{text} was taken");
        };
        let problem = error.problem.as_str(Locale::English);
        assert!(problem.contains(word) || word == "bot", "{text}: {problem}");
        assert_eq!(error.column, column, "{text}: {problem}");
    }
}

/// Whatever somebody types, it is taken or refused.
#[test]
fn made_up_texts_never_panic() {
    let valid = "labels.exists(l, l.startsWith('te')) && (severity >= 'high' || !bot) && size(paths) + 1 > 2";
    let pieces = [
        "(", ")", "[", "'", "&&", "!", ".", "in", "é", "\\", "label('", "review.", "99", " ",
    ];
    let facts = facts();
    let mut seed = 1_u64;
    let mut random = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % most
    };
    for _ in 0..20_000 {
        let mut text: Vec<char> = valid.chars().collect();
        for _ in 0..=random(3) {
            let at = random(text.len().max(1));
            if text.is_empty() {
                break;
            }
            match random(3) {
                0 => drop(text.remove(at)),
                1 => text.truncate(at.max(1)),
                _ => drop(text.splice(at..at, pieces[random(pieces.len())].chars())),
            }
        }
        let text: String = text.into_iter().collect();
        if let Ok(when) = When::compile(&text) {
            when.is_met(&facts);
        }
    }
}
