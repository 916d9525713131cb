use super::{decision_name, issue_line, left_out, result};
use crate::review::{
    Coverage, Decision, Issue,
    Language::{Chinese, English},
    Reason, Severity,
};

fn completed(decision: Decision, issues: usize) -> String {
    result("completed", Some(decision), issues, None, Chinese)
}

#[test]
fn a_completed_review_says_what_it_asks_for() {
    assert_eq!(completed(Decision::Approved, 0), "通过");
    assert_eq!(completed(Decision::Approved, 1), "有建议");
    assert_eq!(completed(Decision::Comment, 0), "有建议");
    assert_eq!(completed(Decision::RequestChanges, 0), "需要修改");
    assert_eq!(result("completed", None, 0, None, English), "Suggestions");
    assert_eq!(decision_name(Decision::Approved, English), "Approved");
    assert_eq!(
        decision_name(Decision::RequestChanges, English),
        "Changes requested"
    );
}

#[test]
fn a_review_without_a_result_says_why() {
    let say = |state, reason, language| result(state, None, 0, reason, language);
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
