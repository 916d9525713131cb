//! What the built-in templates say, through the engine's template crate.

use push_notify_template::testing::{built_in, commit};
use serde_json::{Value, json};

fn render(scene: &str, changes: Value) -> (String, String) {
    built_in(include_str!("../../plugin.toml"), scene, changes)
}

#[test]
fn a_push_of_one_commit() {
    let (title, content) = render("commit_notify", json!({}));
    assert_eq!(title, "代码提交通知 - pear-ledger");
    let expected = "## pear-ledger 提交了代码

**分支**: main

**提交者**: mei

**提交信息**: feat: 新增称重功能

### 变更文件（1）

- src/scale.rs

[查看详情](https://git.example.com/compare)
";
    assert_eq!(content, expected);
}

#[test]
fn a_push_of_some_commits() {
    let changes = json!({"Commits": [commit(1), commit(2)], "TotalCommits": 2, "Created": true, "Forced": true});
    let (_, content) = render("commit_notify", changes);
    let expected = "## pear-ledger 提交了代码

**分支**: main（新建）（强制推送）

**提交者**: mei

**提交**: 共 2 个

- [0000001](https://git.example.com/commit/1) mei: Change 1
- [0000002](https://git.example.com/commit/2) mei: Change 2

### 变更文件（1）

- src/scale.rs

[查看详情](https://git.example.com/compare)
";
    assert_eq!(content, expected);
}

#[test]
fn a_push_of_many_commits_and_files_lists_some_and_says_so() {
    let commits: Vec<Value> = (1..=30).map(commit).collect();
    let files: Vec<String> = (1..=30).map(|number| format!("src/{number}.rs")).collect();
    let changes = json!({"Commits": commits, "TotalCommits": 2048, "MoreCommits": 2038, "ChangedFiles": files, "FileCount": 30});
    let (_, content) = render("commit_notify", changes);
    assert!(content.contains("**提交**: 共 2048 个\n"));
    assert!(
        content.contains("Change 10\n\n以上为最新的提交，另有 2038 个未列出\n"),
        "{content}"
    );
    assert!(content.contains("mei: Change 10\n") && !content.contains("Change 11\n"));
    assert!(content.contains("### 变更文件（30）\n"));
    assert!(content.contains("- src/20.rs\n\n仅列出前 20 个文件\n") && !content.contains("21.rs"));
    // The host listed fewer than there were.
    let changes = json!({"Commits": [commit(1), commit(2)], "TotalCommits": 9, "MoreCommits": 7});
    assert!(
        render("commit_notify", changes)
            .1
            .contains("Change 2\n\n以上为最新的提交，另有 7 个未列出\n")
    );
}

/// A push without commits, with `changes` put over it.
fn without_commits(changes: Value) -> String {
    let mut variables = json!({
        "Commits": [], "TotalCommits": 0, "CommitId": null, "CommitMsg": null, "ChangedFiles": [], "FileCount": 0,
    });
    variables
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    let (title, content) = render("commit_notify", variables);
    format!("{title}\n{content}")
}

#[test]
fn a_branch_made_or_deleted() {
    // Without commits of its own, a message would be another push's.
    let made = without_commits(json!({"Created": true, "CommitMsg": "main"}));
    assert!(
        made.contains(
            "## pear-ledger 新建了分支\n\n**分支**: main（新建）\n\n**提交者**: mei\n\n[查看详情]"
        ),
        "{made}"
    );
    let deleted = without_commits(json!({"Deleted": true}));
    let expected = "代码提交通知 - pear-ledger
## pear-ledger 删除了分支 main

**操作人**: mei

[查看仓库](https://git.example.com/orchard-works/pear-ledger)
";
    assert_eq!(deleted, expected);
    let bare =
        without_commits(json!({"Deleted": true, "Author": null, "RepoUrl": null, "Url": null}));
    assert_eq!(
        bare.trim_end(),
        "代码提交通知 - pear-ledger\n## pear-ledger 删除了分支 main"
    );
}

#[test]
fn a_tag_made_moved_or_deleted() {
    let tag = |created: bool, deleted: bool| {
        let branch = Value::Null;
        without_commits(json!({
            "Kind": "tag_push", "Tag": "v1.2.0", "Branch": branch, "TotalCommits": null, "Created": created, "Deleted": deleted,
        }))
    };
    let expected = "标签通知 - pear-ledger
## pear-ledger 新增了标签 v1.2.0

**操作人**: mei

[查看详情](https://git.example.com/compare)
";
    assert_eq!(tag(true, false), expected);
    assert!(tag(false, false).contains("更新了标签 v1.2.0"));
    assert!(tag(false, true).contains("删除了标签 v1.2.0"));
}

fn merge_request(action: &str) -> Value {
    json!({
        "Kind": "merge_request", "Branch": null, "TotalCommits": null, "Created": null, "Deleted": null, "Forced": null,
        "MergeRequest": {
            "Number": 42, "Title": "Count by the box", "Action": action, "State": "open",
            "SourceBranch": "count-by-box", "TargetBranch": "main", "Author": "tom",
            "Url": "https://git.example.com/pull/42",
        },
    })
}

#[test]
fn a_merge_request() {
    let expected = "合并请求通知 - pear-ledger
## pear-ledger 合并请求已创建

**标题**: #42 Count by the box

**发起人**: tom

**分支**: count-by-box → main

[查看合并请求](https://git.example.com/pull/42)
";
    assert_eq!(without_commits(merge_request("opened")), expected);
    for (action, done) in [
        ("updated", "已更新"),
        ("reopened", "已重新打开"),
        ("merged", "已合并"),
        ("closed", "已关闭"),
    ] {
        let text = without_commits(merge_request(action));
        assert!(text.contains(&format!("合并请求{done}\n")), "{text}");
    }
}

#[test]
fn a_review() {
    let issues = json!(["src/scale.rs:3 可能溢出", "src/main.rs:9 未处理错误"]);
    let changes = json!({"CodeViewResult": "有建议", "CodeViewIssues": issues, "ReviewTime": "2026-01-19 14:30"});
    let (title, content) = render("review_notify", changes);
    assert_eq!(title, "代码审查结果 - pear-ledger");
    let expected = "## pear-ledger 代码审查: 有建议

**分支**: main

**提交信息**: feat: 新增称重功能

**提交者**: mei

**审查时间**: 2026-01-19 14:30

### 审查问题

- src/scale.rs:3 可能溢出
- src/main.rs:9 未处理错误

[查看详情](https://git.example.com/compare)
";
    assert_eq!(content, expected);
    let (_, content) = render(
        "review_notify",
        json!({"CodeViewResult": "通过", "CodeViewDecision": "APPROVED", "CodeViewIssues": []}),
    );
    assert!(content.contains("### 审查问题\n\n未发现问题\n"));
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
    assert_eq!(title, "5 条通知 - pear-ledger");
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
    assert_eq!(title, "5 条通知，来自 2 个仓库");
}
