//! What the built-in templates of chats say, through the engine's template crate: one set of tests
//! for all whose templates are the same.

use push_notify_template::testing::{built_in, commit};
use serde_json::{Value, json};

fn render(scene: &str, changes: Value) -> (String, String) {
    let manifest = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.toml"));
    built_in(manifest, scene, changes)
}

#[test]
fn a_push_says_what_where_and_by_whom() {
    let (title, content) = render("commit_notify", json!({}));
    assert_eq!(title, "pear-ledger 提交了代码");
    let expected = "**main** · mei
feat: 新增称重功能

**变更文件（1）**

- src/scale.rs
";
    assert_eq!(content, expected);
    let commits: Vec<Value> = (1..=30).map(commit).collect();
    let files: Vec<String> = (1..=30).map(|number| format!("src/{number}.rs")).collect();
    let changes = json!({"Commits": commits, "TotalCommits": 2048, "MoreCommits": 2038, "ChangedFiles": files,
        "FileCount": 30, "Forced": true});
    let (_, content) = render("commit_notify", changes);
    let start = "**main**（强制推送） · mei · 共 2048 个提交\n\n- [0000001](https://git.example.com/commit/1) mei: Change 1\n";
    assert!(content.starts_with(start), "{content}");
    assert!(
        content.contains("Change 10\n\n另有 2038 个较早的提交未列出\n\n**变更文件（30）**\n"),
        "{content}"
    );
    assert!(
        content.ends_with("- src/5.rs\n\n仅列出前 5 个文件\n"),
        "{content}"
    );
}

#[test]
fn branches_and_tags_that_come_and_go() {
    let bare = |changes: Value| {
        let mut variables = json!({"Commits": [], "CommitId": null, "CommitMsg": null, "ChangedFiles": [], "FileCount": 0});
        let fields = variables.as_object_mut().unwrap();
        fields.extend(changes.as_object().unwrap().clone());
        render("commit_notify", variables)
    };
    let said = |title: &str, content: &str| (title.to_owned(), content.to_owned());
    assert_eq!(
        bare(json!({"Created": true})),
        said("pear-ledger 新建了分支", "**main**（新建） · mei")
    );
    assert_eq!(
        bare(json!({"Deleted": true})),
        said("pear-ledger 删除了分支 main", "**操作人**: mei")
    );
    let tag = json!({"Kind": "tag_push", "Tag": "v1.2.0", "Branch": null, "Created": true, "Author": null});
    assert_eq!(bare(tag), said("pear-ledger 新增了标签 v1.2.0", ""));
    let request = json!({"Kind": "merge_request", "Branch": null, "MergeRequest": {
        "Number": 42, "Title": "Count by the box", "Action": "merged", "State": "merged",
        "SourceBranch": "count-by-box", "TargetBranch": "main", "Author": "tom", "Url": null,
    }});
    assert_eq!(
        bare(request),
        said(
            "pear-ledger 合并请求 #42 已合并",
            "**Count by the box**\ntom · count-by-box → main"
        )
    );
}

#[test]
fn a_review_says_whether_it_is_bad() {
    let issues = json!(["src/scale.rs:3 可能溢出", "src/main.rs:9 未处理错误"]);
    let changes =
        json!({"CodeViewResult": "有建议", "CodeViewIssues": issues, "CodeViewScore": 78});
    let (title, content) = render("review_notify", changes);
    assert_eq!(title, "pear-ledger 代码审查：有建议");
    let expected = "**feat: 新增称重功能**
main · mei · 78 分

**审查问题（2）**

- src/scale.rs:3 可能溢出
- src/main.rs:9 未处理错误
";
    assert_eq!(content, expected);
    let sound =
        json!({"CodeViewResult": "通过", "CodeViewDecision": "APPROVED", "CodeViewIssues": []});
    assert!(render("review_notify", sound).1.ends_with("未发现问题\n"));
}

#[test]
fn a_digest_lists_what_it_carries() {
    let notification = json!({"Title": "pear-ledger 提交了代码", "RepoName": "pear-ledger", "Branch": "main",
        "Author": "mei", "CommitMsg": "feat: 新增称重功能", "Url": "https://git.example.com/compare", "Tag": null,
        "CodeViewResult": "有建议", "TotalCommits": 2});
    let digest = json!({"Count": 4, "RepoCount": 1, "Repos": ["pear-ledger"], "More": 3, "Notifications": [notification]});
    let (title, content) = render("digest", digest);
    assert_eq!(title, "4 条通知 · pear-ledger");
    let expected = "- [pear-ledger 提交了代码](https://git.example.com/compare) · main · mei: feat: 新增称重功能（共 2 个提交）（有建议）

还有 3 条未列出
";
    assert_eq!(content, expected);
}
