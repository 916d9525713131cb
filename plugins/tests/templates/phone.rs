//! What the built-in templates of phones and of who is on call say, through the engine's template
//! crate: one set of tests for all whose templates are the same.

use push_notify_template::testing::{built_in, commit};
use serde_json::{Value, json};

fn render(scene: &str, changes: Value) -> (String, String) {
    let manifest = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.toml"));
    built_in(manifest, scene, changes)
}

#[test]
fn a_push_says_where_and_the_newest_commits() {
    let (title, content) = render("commit_notify", json!({}));
    assert_eq!(title, "pear-ledger: main 有 1 个新提交");
    assert_eq!(content.trim_end(), "- mei: Change 1");
    let commits: Vec<Value> = (1..=9).map(commit).collect();
    let many = json!({"Commits": commits, "TotalCommits": 20, "Forced": true});
    let (title, content) = render("commit_notify", many);
    assert_eq!(title, "pear-ledger: main 有 20 个新提交（强制推送）");
    assert!(
        content.ends_with("Change 5\n\n仅列出最新的 5 个\n"),
        "{content}"
    );
}

#[test]
fn a_branch_a_tag_and_a_merge_request_are_told_in_the_title() {
    let none = |changes: Value| {
        let mut none = json!({"Commits": [], "TotalCommits": 0, "CommitMsg": null});
        let changes = changes.as_object().unwrap().clone();
        none.as_object_mut().unwrap().extend(changes);
        let (title, content) = render("commit_notify", none);
        (title, content.trim().to_owned())
    };
    let pair = |title: &str, content: &str| (title.to_owned(), content.to_owned());
    assert_eq!(
        none(json!({"Deleted": true})),
        pair("pear-ledger: 删除了分支 main", "操作人: mei")
    );
    assert_eq!(
        none(json!({"Created": true, "Author": null})),
        pair("pear-ledger: 新建了分支 main", "")
    );
    assert_eq!(
        none(json!({"Kind": "tag_push", "Tag": "v1.2.0", "Created": true})),
        pair("pear-ledger: 新增了标签 v1.2.0", "操作人: mei")
    );
    let request = json!({
        "Number": 42, "Title": "Count by the box", "Action": "merged", "State": "merged",
        "SourceBranch": "count-by-box", "TargetBranch": "main", "Author": "tom", "Url": null,
    });
    assert_eq!(
        none(json!({"Kind": "merge_request", "Branch": null, "MergeRequest": request})),
        pair(
            "pear-ledger: 合并请求 #42 已合并",
            "Count by the box\n\ntom: count-by-box → main"
        )
    );
}

#[test]
fn a_review_has_its_first_issues() {
    let issues = json!(["a", "b", "c", "d"]);
    let review = json!({"CodeViewResult": "有建议", "CodeViewIssues": issues});
    let (title, content) = render("review_notify", review);
    assert_eq!(title, "pear-ledger: 代码审查 有建议");
    assert_eq!(
        content,
        "main feat: 新增称重功能（mei）\n\n- a\n- b\n- c\n\n共 4 个问题\n"
    );
}

#[test]
fn a_digest_is_a_line_for_each() {
    let pushed = json!({
        "Title": "pear-ledger: main 有 2 个新提交", "CommitMsg": "feat", "CodeViewResult": null,
    });
    let digest = json!({
        "Count": 2, "RepoCount": 1, "Repos": ["pear-ledger"], "More": 1, "Notifications": [pushed],
    });
    let (title, content) = render("digest", digest);
    assert_eq!(title, "2 条通知 - pear-ledger");
    assert_eq!(
        content,
        "- pear-ledger: main 有 2 个新提交: feat\n\n还有 1 条未列出\n"
    );
}
