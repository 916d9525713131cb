//! Messages as people see them, for tests of whoever writes any.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use push_notify_manifest::Manifest;
use serde_json::{Value, json};

/// What people wrote, or could write.
pub fn strangers() -> Vec<String> {
    serde_json::from_str(include_str!("../../../tests/strangers.json")).unwrap_or_default()
}

/// What a message is made of, as GitHub's Markdown reads it: its text, and the rest.
#[derive(Debug, Default)]
pub struct Read {
    pub text: String,
    /// Where links lead.
    pub links: Vec<String>,
    /// Names of everything but text, code, links and paragraphs.
    pub markup: Vec<String>,
}

pub fn read(markdown: &str) -> Read {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut read = Read::default();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) | Event::Code(text) => read.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => read.text.push('\n'),
            Event::Start(Tag::Paragraph) => {}
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) => {
                read.text.push('\n');
            }
            Event::Start(Tag::Link { dest_url, .. }) => read.links.push(dest_url.into_string()),
            Event::Start(tag) => read.markup.push(format!("{tag:?}")),
            Event::End(_) => {}
            other => read.markup.push(format!("{other:?}")),
        }
    }
    read
}

/// Lines without the white space at their ends, and without those that are blank: Markdown keeps
/// neither. Characters that are for use within a program come out as what stands for what cannot be
/// shown.
pub fn normal(text: &str) -> String {
    let inner = |c: char| ('\u{fdd0}'..='\u{fdef}').contains(&c) || c == '\u{1fffe}';
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.replace(inner, "\u{fffd}").replace('\u{a0}', " ");
    let text = text.replace('\t', "    ");
    let lines = text.lines().map(str::trim_end);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Title and content of a channel's built-in template for a scene, for a push of one commit with
/// `changes` put over its variables. `manifest` is the text of its `plugin.toml`.
///
/// # Panics
/// When the template cannot be rendered, or leaves a gap.
pub fn built_in(manifest: &str, scene: &str, changes: Value) -> (String, String) {
    let manifest = Manifest::from_toml(manifest).expect("a manifest");
    let template = &manifest.templates[scene];
    let variables = gotmpl::to_value(&variables(changes)).expect("variables");
    let text = |source: &str| {
        let template = gotmpl::Template::new("template").parse(source);
        let text = template.expect("a template").execute_to_string(&variables);
        let text = text.expect("a text");
        let gaps = ["no value", "nil", "\n\n\n"];
        assert!(!gaps.iter().any(|gap| text.contains(gap)), "{text}");
        text
    };
    (text(&template.title), text(&template.content))
}

/// One of a push's commits.
pub fn commit(number: usize) -> Value {
    json!({
        "Id": format!("{number:040}"), "ShortId": format!("{number:07}"), "Message": format!("Change {number}"),
        "Author": "mei", "Url": format!("https://git.example.com/commit/{number}"),
    })
}

fn variables(changes: Value) -> Value {
    let mut variables = json!({
        "RepoName": "pear-ledger", "RepoUrl": "https://git.example.com/orchard-works/pear-ledger",
        "CommitId": "0123456789abcdef", "CommitMsg": "feat: 新增称重功能", "Author": "mei", "Branch": "main",
        "ChangedFiles": ["src/scale.rs"], "FileCount": 1,
        "CodeViewResult": null, "CodeViewIssues": null, "ReviewTime": null, "CodeViewSummary": null, "CodeViewScore": null,
        "CodeViewDecision": null, "CodeViewLeftOut": null,
        "Kind": "push", "Tag": null, "TotalCommits": 1,
        "Commits": [commit(1)], "Url": "https://git.example.com/compare", "MergeRequest": null,
        "Created": false, "Deleted": false, "Forced": false,
    });
    if let Value::Object(changes) = changes {
        for (name, value) in changes {
            variables[name] = value;
        }
    }
    variables
}
