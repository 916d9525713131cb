//! What the built-in templates of rooms say, whose messages have a title of their own, through the
//! engine's template crate: one set of tests for all whose templates are the same.

use push_notify_template::testing::built_in;
use serde_json::{Value, json};

fn render(scene: &str, changes: Value) -> (String, String) {
    let manifest = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.toml"));
    built_in(manifest, scene, changes)
}

#[test]
fn the_title_says_what_happened_and_the_text_does_not_repeat_it() {
    let (title, content) = render("commit_notify", json!({}));
    assert_eq!(title, "pear-ledger: main 有 1 个新提交");
    let expected = "**分支**: main

**提交者**: mei

**提交信息**: feat: 新增称重功能

**变更文件（1）**

- src/scale.rs

[查看详情](https://git.example.com/compare)
";
    assert_eq!(content, expected);
}

#[test]
fn a_review_lists_its_issues() {
    let review = json!({"CodeViewResult": "有建议", "CodeViewIssues": ["src/scale.rs:3 可能溢出"]});
    let (title, content) = render("review_notify", review);
    assert_eq!(title, "pear-ledger: 代码审查 有建议");
    assert!(
        content.contains("**审查问题**\n\n- src/scale.rs:3 可能溢出\n"),
        "{content}"
    );
}

#[test]
fn a_digest_lists_what_it_carries() {
    let pushed = json!({
        "Title": "pear-ledger: 2 commits", "RepoName": "pear-ledger", "Branch": "main", "Author": "mei",
        "Url": null, "Tag": null, "CommitMsg": null, "TotalCommits": 1, "CodeViewResult": null,
    });
    let digest = json!({
        "Count": 2, "RepoCount": 2, "Repos": [], "More": 1, "Notifications": [pushed],
    });
    let (title, content) = render("digest", digest);
    assert_eq!(title, "2 条通知，来自 2 个仓库");
    assert_eq!(
        content.trim(),
        "- **pear-ledger** main mei: pear-ledger: 2 commits\n\n还有 1 条未列出"
    );
}
