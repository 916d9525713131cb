//! What the Git host shows of a review, as Markdown. The model wrote the words, and whoever wrote
//! the change could talk to the model: what would act at the host is made harmless.

mod harmless;

use crate::{Coverage, Decision, Issue, Language, words};
pub use harmless::harmless;
use harmless::{in_line, is_block};
use push_notify_template::markdown_code;

/// Issues that the summary lists; the others are counted.
const MOST_LISTED: usize = 50;

/// What a summary tells.
pub struct Told<'a> {
    pub decision: Decision,
    pub score: Option<u32>,
    pub summary: &'a str,
    pub issues: &'a [Issue],
    pub coverage: &'a Coverage,
    pub model: Option<&'a str>,
    pub language: Language,
}

/// The comment about the whole.
pub fn summary(told: &Told<'_>, is_listed: impl Fn(&Issue) -> bool) -> String {
    let zh = told.language == Language::Chinese;
    let came = words::Came {
        state: "completed",
        decision: Some(told.decision),
        issues: told.issues.len(),
        reason: None,
        is_cut: told.coverage.cut,
    };
    let result = words::result(came, told.language);
    let mut text = match zh {
        true => format!("### 代码审查：{result}"),
        false => format!("### Code review: {result}"),
    };
    if let Some(score) = told.score {
        text.push_str(&format!(" ({score}/100)"));
    }
    text.push_str("\n\n");
    text.push_str(&harmless(told.summary));
    let listed: Vec<&Issue> = told
        .issues
        .iter()
        .filter(|issue| is_listed(issue))
        .collect();
    if !listed.is_empty() {
        text.push_str("\n\n");
        for issue in listed.iter().take(MOST_LISTED) {
            text.push_str(&entry(issue));
        }
        let more = listed.len().saturating_sub(MOST_LISTED);
        match (more, zh) {
            (0, _) => {}
            (_, true) => text.push_str(&format!("- 另有 {more} 个问题未列出\n")),
            (_, false) => text.push_str(&format!("- and {more} more\n")),
        }
    }
    match (told.issues.len(), zh) {
        (0, _) => {}
        (count, true) => text.push_str(&format!("\n\n共 {count} 个问题。")),
        (count, false) => text.push_str(&format!("\n\nIssues: {count}.")),
    }
    let left_out = words::left_out(told.coverage, told.language);
    if !left_out.is_empty() {
        text.push_str("\n\n");
        for sentence in left_out {
            text.push_str(&format!("> {}\n", in_line(&sentence)));
        }
    }
    let model = told.model.map(|model| format!(" · {}", in_line(model)));
    text.push_str(&format!(
        "\n\n<sub>Push Notify{}</sub>",
        model.unwrap_or_default()
    ));
    text
}

/// The comment at an issue's line.
pub fn at_line(issue: &Issue) -> String {
    let gap = if is_block(&issue.message) {
        "\n\n"
    } else {
        " "
    };
    let mut text = format!("{}{gap}{}", label(issue), harmless(&issue.message));
    if let Some(suggestion) = &issue.suggestion {
        text.push_str("\n\n");
        text.push_str(&harmless(suggestion));
    }
    text
}

/// `**[BUG:HIGH]**`
pub fn label(issue: &Issue) -> String {
    let category: String = issue
        .category
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    format!("**[{category}:{}]**", issue.severity.name())
}

fn entry(issue: &Issue) -> String {
    let place = match (&issue.path, issue.line) {
        (Some(path), Some(line)) => markdown_code(&format!("{path}:{line}")) + " ",
        (Some(path), None) => markdown_code(path) + " ",
        (None, _) => String::new(),
    };
    let indented = at_line(issue).replace('\n', "\n  ");
    format!("- {place}{indented}\n")
}

#[cfg(test)]
mod tests;
