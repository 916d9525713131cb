//! What the built-in templates of services that push to phones by a key say, through the engine's
//! template crate: one set of tests for all whose templates are the same.

use push_notify_template::testing::built_in;
use serde_json::{Value, json};

fn render(scene: &str, changes: Value) -> (String, String) {
    let manifest = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.toml"));
    built_in(manifest, scene, changes)
}

#[test]
fn each_scene_says_what_happened_and_where() {
    let (title, content) = render("commit_notify", json!({}));
    assert_eq!(title, "代码提交通知 - pear-ledger");
    assert!(
        content.starts_with("## pear-ledger 提交了代码\n\n**分支**: main\n"),
        "{content}"
    );
    let review = json!({"CodeViewResult": "有建议", "CodeViewIssues": ["src/scale.rs:3 可能溢出"]});
    let (title, content) = render("review_notify", review);
    assert_eq!(title, "代码审查结果 - pear-ledger");
    assert!(content.contains("- src/scale.rs:3 可能溢出\n"), "{content}");
    let pushed = json!({
        "Title": "pear-ledger: 2 commits", "RepoName": "pear-ledger", "Branch": "main", "Author": "mei",
        "Url": null, "Tag": null, "CommitMsg": null, "TotalCommits": 1, "CodeViewResult": null,
    });
    let digest = json!({
        "Count": 2, "RepoCount": 2, "Repos": [], "More": 1, "Notifications": [pushed],
    });
    let (title, content) = render("digest", digest);
    assert_eq!(title, "2 条通知，来自 2 个仓库");
    assert!(content.contains("还有 1 条未列出"), "{content}");
}
