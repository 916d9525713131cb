use super::{Came, decision_name, issue_line, left_out, result};
use crate::{
    Coverage, Decision, Issue,
    Language::{Chinese, English},
    Reason, Severity,
};

const NOTHING: Came<'_> = Came {
    state: "completed",
    decision: None,
    issues: 0,
    reason: None,
    is_cut: false,
};

fn completed(decision: Decision, issues: usize) -> String {
    let decision = Some(decision);
    let came = Came {
        decision,
        issues,
        ..NOTHING
    };
    result(came, Chinese)
}

#[test]
fn a_completed_review_says_what_it_asks_for() {
    assert_eq!(completed(Decision::Approved, 0), "通过");
    assert_eq!(completed(Decision::Approved, 1), "有建议");
    assert_eq!(completed(Decision::Comment, 0), "有建议");
    assert_eq!(completed(Decision::RequestChanges, 0), "需要修改");
    assert_eq!(result(NOTHING, English), "Suggestions");
    assert_eq!(decision_name(Decision::Approved, English), "Approved");
    assert_eq!(
        decision_name(Decision::RequestChanges, English),
        "Changes requested"
    );
}

#[test]
fn a_review_of_which_not_all_was_read_is_incomplete() {
    let say = |decision, issues, language| {
        let decision = Some(decision);
        let is_cut = true;
        result(
            Came {
                decision,
                issues,
                is_cut,
                ..NOTHING
            },
            language,
        )
    };
    assert_eq!(say(Decision::Comment, 0, Chinese), "审查不完整");
    assert_eq!(say(Decision::Comment, 0, English), "Review incomplete");
    assert_eq!(say(Decision::Comment, 2, Chinese), "有建议（审查不完整）");
    assert_eq!(
        say(Decision::RequestChanges, 1, English),
        "Changes requested (review incomplete)"
    );
}

#[test]
fn a_review_without_a_result_says_why() {
    let say = |state, reason, language| {
        result(
            Came {
                state,
                reason,
                ..NOTHING
            },
            language,
        )
    };
    assert_eq!(say("skipped", Some("草稿"), Chinese), "未审查：草稿");
    assert_eq!(say("skipped", None, Chinese), "未审查");
    assert_eq!(say("failed", Some("超时"), Chinese), "审查失败：超时");
    assert_eq!(say("pending", None, Chinese), "审查未完成");
    assert_eq!(
        say("skipped", Some("a draft"), English),
        "Not reviewed: a draft"
    );
    assert_eq!(
        say("failed", Some("time-out"), English),
        "Review failed: time-out"
    );
    assert_eq!(say("pending", None, English), "Review not finished");
}

#[test]
fn an_issue_is_one_line_whatever_the_model_wrote() {
    let mut issue = Issue {
        path: Some("src/a.go".to_owned()),
        line: Some(12),
        severity: Severity::High,
        category: "BUG".to_owned(),
        message: "The file\n is never closed.\n".to_owned(),
        suggestion: None,
        place: None,
        old_path: None,
    };
    assert_eq!(
        issue_line(&issue, English),
        "src/a.go:12 [HIGH/BUG] The file is never closed."
    );
    issue.line = None;
    assert_eq!(
        issue_line(&issue, English),
        "src/a.go [HIGH/BUG] The file is never closed."
    );
    issue.path = None;
    issue.message = "没有测试".to_owned();
    assert_eq!(issue_line(&issue, Chinese), "整体 [HIGH/BUG] 没有测试");
}

#[test]
fn what_was_left_out_is_said_with_the_first_names() {
    let mut coverage = Coverage::default();
    coverage.leave_out("Cargo.lock", Reason::LockFile);
    for name in ["a.go", "b.go", "c.go", "d.go", "e.go"] {
        coverage.leave_out(name, Reason::Budget);
    }
    assert_eq!(
        left_out(&coverage, Chinese),
        [
            "5 个文件超出 Token 预算，未审查：a.go, b.go, c.go 等",
            "1 个文件是依赖锁定文件，未审查：Cargo.lock",
        ]
    );
    assert_eq!(
        left_out(&coverage, English),
        [
            "5 files not reviewed (over the token budget): a.go, b.go, c.go and 2 more",
            "1 file not reviewed (lock file): Cargo.lock",
        ]
    );
}

#[test]
fn gaps_come_before_what_nobody_expects_to_be_reviewed() {
    let mut coverage = Coverage {
        newest_commit_only: true,
        truncated: true,
        ..Coverage::default()
    };
    coverage.leave_out("docs/a.md", Reason::Pattern);
    coverage.leave_out("big.go", Reason::TooLarge);
    assert_eq!(
        left_out(&coverage, English),
        [
            "1 file not reviewed (diff too large or not shown by the host): big.go",
            "The Git host did not list all files: the others are not reviewed",
            "The commit before is gone: only the newest commit is reviewed",
            "1 file not reviewed (left out by the repository's patterns): docs/a.md",
        ]
    );
    assert!(left_out(&Coverage::default(), Chinese).is_empty());
}

#[test]
fn a_new_branch_has_lost_nothing() {
    let mut coverage = Coverage {
        newest_commit_only: true,
        is_new: true,
        ..Coverage::default()
    };
    assert_eq!(
        left_out(&coverage, English),
        ["There is nothing to compare the new branch with: only the newest commit is reviewed"]
    );
    assert_eq!(
        left_out(&coverage, Chinese),
        ["新分支没有可供比较的提交，仅审查了最新提交"]
    );
    coverage.newest_commit_only = false;
    assert!(left_out(&coverage, English).is_empty());
}

#[test]
fn files_that_are_only_counted_are_not_named() {
    let coverage = Coverage {
        left_out: [(Reason::Binary, 2), (Reason::Generated, 0)].into(),
        ..Coverage::default()
    };
    assert_eq!(
        left_out(&coverage, Chinese),
        ["2 个文件是二进制文件，未审查"]
    );
}
