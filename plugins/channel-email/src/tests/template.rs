//! What the built-in templates say, through the engine's template crate.

use push_notify_template::testing::{built_in, commit};
use serde_json::{Value, json};

fn render(scene: &str, changes: Value) -> (String, String) {
    built_in(include_str!("../../plugin.toml"), scene, changes)
}

#[test]
fn a_push_of_some_commits_reads_well_as_text() {
    let changes = json!({"Commits": [commit(1), commit(2)], "TotalCommits": 2, "Created": true, "Forced": true});
    let (title, content) = render("commit_notify", changes);
    assert_eq!(title, "[pear-ledger] 代码提交通知 - main");
    let expected = "## pear-ledger 提交了代码

**分支**: main（新建）（强制推送）

**提交者**: mei

**提交**: 共 2 个

- [`0000001`](https://git.example.com/commit/1) mei: Change 1
- [`0000002`](https://git.example.com/commit/2) mei: Change 2

### 变更文件（1）

- src/scale.rs

[查看详情](https://git.example.com/compare)
";
    assert_eq!(content, expected);
}

#[test]
fn a_push_of_one_commit_shows_its_message() {
    let (_, content) = render("commit_notify", json!({}));
    assert!(
        content
            .contains("**提交者**: mei\n\n**提交信息**: feat: 新增称重功能\n\n### 变更文件（1）\n"),
        "{content}"
    );
}

#[test]
fn a_push_of_many_commits_and_files_lists_some_and_says_so() {
    let commits: Vec<Value> = (1..=30).map(commit).collect();
    let files: Vec<String> = (1..=30).map(|number| format!("src/{number}.rs")).collect();
    let changes = json!({"Commits": commits, "TotalCommits": 2048, "MoreCommits": 2038, "ChangedFiles": files, "FileCount": 30});
    let (_, content) = render("commit_notify", changes);
    assert!(content.contains("**提交**: 共 2048 个\n"), "{content}");
    assert!(
        content.contains("Change 10\n\n以上为最新的提交，另有 2038 个未列出\n"),
        "{content}"
    );
    assert!(
        content.contains("- src/20.rs\n\n仅列出前 20 个文件\n"),
        "{content}"
    );
}

#[test]
fn the_subject_says_what_happened() {
    let subject = |changes: Value| {
        let mut variables = json!({
            "Commits": [], "TotalCommits": 0, "CommitId": null, "CommitMsg": null, "ChangedFiles": [], "FileCount": 0,
        });
        variables
            .as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        render("commit_notify", variables).0
    };
    assert_eq!(
        subject(json!({"Deleted": true})),
        "[pear-ledger] 删除了分支 main"
    );
    let tag = |created: bool, deleted: bool| {
        subject(
            json!({"Kind": "tag_push", "Tag": "v1.2.0", "Created": created, "Deleted": deleted}),
        )
    };
    assert_eq!(tag(true, false), "[pear-ledger] 新增了标签 v1.2.0");
    assert_eq!(tag(false, false), "[pear-ledger] 更新了标签 v1.2.0");
    assert_eq!(tag(false, true), "[pear-ledger] 删除了标签 v1.2.0");
    let merged = json!({"Kind": "merge_request", "MergeRequest": {
        "Number": 42, "Title": "Count by the box", "Action": "merged", "State": "merged",
        "SourceBranch": "count-by-box", "TargetBranch": "main", "Author": "tom", "Url": null,
    }});
    assert_eq!(
        subject(merged),
        "[pear-ledger] 合并请求 #42 已合并: Count by the box"
    );
}

#[test]
fn a_review() {
    let changes =
        json!({"CodeViewResult": "有建议", "CodeViewIssues": ["src/scale.rs:3 可能溢出"]});
    let (title, content) = render("review_notify", changes);
    assert_eq!(title, "[pear-ledger] 代码审查结果: 有建议");
    assert!(
        content.contains("### 审查问题\n\n- src/scale.rs:3 可能溢出\n"),
        "{content}"
    );
}

#[test]
fn a_digest_lists_what_it_carries() {
    let notification = |title: &str, url: Value| {
        json!({
            "Title": title, "RepoName": "pear-ledger", "Branch": "main", "Author": "mei", "CommitMsg": "feat: 新增称重功能",
            "Url": url, "Tag": null, "CodeViewResult": "有建议",
        })
    };
    let digest = json!({
        "Count": 5, "RepoCount": 1, "Repos": ["pear-ledger"], "More": 3,
        "Notifications": [
            notification("代码提交通知 - pear-ledger", json!("https://git.example.com/compare")),
            notification("feat: 新增称重功能", Value::Null),
        ],
    });
    let (title, content) = render("digest", digest);
    assert_eq!(title, "[Push Notify] 5 条通知 - pear-ledger");
    let expected = "## 5 条通知

- **pear-ledger** main mei: [代码提交通知 - pear-ledger](https://git.example.com/compare) feat: 新增称重功能（有建议）
- **pear-ledger** main mei: feat: 新增称重功能（有建议）

还有 3 条未列出
";
    assert_eq!(content.trim_start(), expected);
    let (title, _) = render(
        "digest",
        json!({"Count": 5, "RepoCount": 2, "Repos": ["a", "b"], "More": 0, "Notifications": []}),
    );
    assert_eq!(title, "[Push Notify] 5 条通知，来自 2 个仓库");
}
