use super::built_in;
use push_notify_manifest::Manifest;
use push_notify_template::{SCENES, scene};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

fn channel(card: bool) -> Manifest {
    let toml = format!("id = \"pear\"\nkind = \"channel\"\nversion = \"0.1.0\"\ncard = {card}\n");
    Manifest::from_toml(&toml).unwrap()
}

/// What each scene says, to be looked at.
fn gallery(card: bool) -> String {
    let mut gallery = String::new();
    for (name, text) in built_in(&channel(card)) {
        let template = scene::check(name, &text.title, &text.content).unwrap();
        for language in ["zh-CN", "en-US"] {
            let mut data = scene::made_up(name, Map::new());
            data["Language"] = language.into();
            let rendered = template.render_message(&data).unwrap();
            writeln!(
                gallery,
                "=== {name} {language}: {}\n{}\n",
                rendered.title,
                rendered.body.trim_end()
            )
            .unwrap();
        }
    }
    gallery
}

#[test]
fn cards() {
    insta::assert_snapshot!(gallery(true));
}

#[test]
fn documents() {
    insta::assert_snapshot!(gallery(false));
}

#[test]
fn each_scene_has_one() {
    let texts = built_in(&channel(true));
    let is_told = |scene: &&str| texts.iter().any(|(name, _)| name == scene);
    assert!(SCENES.iter().all(is_told));
}

/// Whatever an event leaves out, no label stands alone and no gap is wide.
#[test]
fn what_is_absent_leaves_no_trace() {
    let bare = json!({
        "RepoName": "pear", "Kind": "push", "Branch": "main", "Commits": [], "TotalCommits": 0, "FileCount": 0,
        "ChangedFiles": [], "CodeViewIssues": [], "CodeViewLeftOut": [], "Fields": [], "Labels": [], "Action": "failed",
        "CodeViewDecision": "", "Count": 2, "RepoCount": 1, "Repos": ["pear"], "Notifications": [], "MoreCommits": 0,
    });
    for card in [true, false] {
        for (name, text) in built_in(&channel(card)) {
            let template = scene::parse(name, &text.title, &text.content).unwrap();
            let rendered = template.render_message(&bare).unwrap();
            let body = rendered.body.trim();
            let traces = ["\n\n\n", "()", "****", " · \n", "[]", "null", "nil"];
            let found: Vec<&&str> = traces
                .iter()
                .filter(|trace| body.contains(**trace))
                .collect();
            assert!(found.is_empty(), "{name}: {found:?} in {body:?}");
            assert!(!body.starts_with(" · "), "{name}: {body:?}");
        }
    }
}

#[test]
fn a_single_commit_is_a_link_and_not_told_twice() {
    let (_, text) = built_in(&channel(true)).remove(0);
    let template = scene::parse("commit_notify", &text.title, &text.content).unwrap();
    let data = scene::made_up(
        "commit_notify",
        Map::from_iter([
            ("Tag".to_owned(), Value::Null),
            ("MergeRequest".to_owned(), Value::Null),
            ("CommitId".to_owned(), json!("0123456789abcdef")),
            ("CommitMsg".to_owned(), json!("Fix the scale")),
        ]),
    );
    let body = template.render_message(&data).unwrap().body;
    assert!(body.contains("- [01234567](https://"), "{body}");
    assert_eq!(body.matches("Fix the scale").count(), 1, "{body}");
}
