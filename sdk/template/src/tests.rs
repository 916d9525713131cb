//! The engine through its front door.

mod calls;
mod hostile;
mod language;
mod limits;
mod markdown;
mod mutation;
mod reference;
mod refusals;
mod semantics;
mod unknown;
mod variables;

use super::{Template, TemplateError};
use serde_json::{Value, json};

/// Data with a value of each type, under names whose samples have the same type.
fn data() -> Value {
    json!({
        "Author": "hello",
        "Branch": "张三",
        "Tag": "",
        "FileCount": 5,
        "TotalCommits": 0,
        "Forced": true,
        "Deleted": false,
        "ChangedFiles": ["a", "b", "c"],
        "CodeViewIssues": [],
        "Commits": [{"Id": "one", "Url": null}, {"Id": "two", "Url": "u"}],
        "MergeRequest": {"Title": "deep", "Number": 7, "Author": null, "Url": "<a href=\"x\">&'"},
        "ReviewTime": null,
        "中文": "值",
        "Whole": 2.0,
        "Part": 1.5,
    })
}

/// What the content `template` makes of [`data`].
fn body(template: &str) -> Result<String, TemplateError> {
    Ok(Template::parse("", template)?.render(&data())?.body)
}

/// Every template of `cases` with what it must make of [`data`].
fn assert_bodies(cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        assert_eq!(body(template).as_deref(), Ok(*expected), "{template}");
    }
}
