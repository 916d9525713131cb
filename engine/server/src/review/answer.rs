//! What a model's reply says. It is not to be trusted: it may be cut, wrapped in prose, or repeat JSON that stood in the diff.

mod json;

use super::{Decision, Severity};
use serde_json::{Map, Value};

/// Of one reply.
const MOST_ISSUES: usize = 100;
const LONGEST_MESSAGE: usize = 4_000;
const LONGEST_SUMMARY: usize = 20_000;
const LONGEST_PATH: usize = 1_000;

/// A reply, read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 0 to 100.
    pub score: Option<u32>,
    pub decision: Option<Decision>,
    pub summary: String,
    pub issues: Vec<Finding>,
    /// Whether there was an object to read. Without one the whole text is the summary.
    pub is_structured: bool,
}

/// An issue as the model put it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub path: Option<String>,
    pub line: Option<u32>,
    pub severity: Severity,
    pub category: String,
    pub message: String,
    pub suggestion: Option<String>,
}

impl Reply {
    /// Reads a reply. The object that repeats `id`, which only the question had, is the answer. Without such a one, one that looks like
    /// a review is taken if it is the only one: of two, nobody knows which stood in the diff.
    pub fn read(text: &str, id: &str) -> Self {
        let is_ours =
            |object: &Map<String, Value>| object.get("id").and_then(Value::as_str) == Some(id);
        // Also where the model thought aloud, or speaks of thinking.
        if let Some(ours) = json::objects(text).into_iter().find(is_ours) {
            return Self::of(&ours);
        }
        let text = json::without_thoughts(text);
        let mut reviews = json::objects(text).into_iter().filter(is_review);
        match (reviews.next(), reviews.next()) {
            (Some(only), None) => Self::of(&only),
            _ => Self {
                summary: clean(&json::without_fences(text), LONGEST_SUMMARY),
                ..Self::default()
            },
        }
    }

    fn of(object: &Map<String, Value>) -> Self {
        let listed = ["issues", "comments"]
            .iter()
            .find_map(|name| object.get(*name)?.as_array());
        let issues = listed.into_iter().flatten().filter_map(finding);
        Self {
            score: object
                .get("score")
                .and_then(number)
                .map(|score| score.min(100)),
            decision: object
                .get("decision")
                .and_then(Value::as_str)
                .and_then(decision),
            summary: text(object, &["summary"], LONGEST_SUMMARY).unwrap_or_default(),
            issues: issues.take(MOST_ISSUES).collect(),
            is_structured: true,
        }
    }
}

fn is_review(object: &Map<String, Value>) -> bool {
    let known = ["summary", "issues", "comments", "decision", "score"];
    known
        .iter()
        .filter(|name| object.contains_key(**name))
        .count()
        >= 2
        || object.get("summary").is_some_and(Value::is_string)
}

fn finding(value: &Value) -> Option<Finding> {
    let issue = value.as_object()?;
    let severity = text(issue, &["severity", "level"], 40);
    let category = text(issue, &["category", "type"], 32);
    Some(Finding {
        message: text(issue, &["message", "body", "description"], LONGEST_MESSAGE)?,
        path: text(issue, &["path", "file"], LONGEST_PATH),
        line: issue.get("line").and_then(number).filter(|line| *line > 0),
        severity: severity
            .and_then(|name| Severity::from_name(&name))
            .unwrap_or(Severity::Medium),
        category: category.map_or_else(|| "OTHER".to_owned(), |name| name.to_uppercase()),
        suggestion: text(issue, &["suggestion", "fix"], LONGEST_MESSAGE),
    })
}

fn decision(name: &str) -> Option<Decision> {
    let name = name.trim().to_uppercase().replace([' ', '-'], "_");
    match name.as_str() {
        "APPROVE" | "APPROVED" | "LGTM" => Some(Decision::Approved),
        "REQUEST_CHANGES" | "CHANGES_REQUESTED" | "REJECT" | "REJECTED" => {
            Some(Decision::RequestChanges)
        }
        "COMMENT" | "COMMENTED" => Some(Decision::Comment),
        _ => None,
    }
}

/// A number, also as text: `42`, `42.0`, `"42"`, `"42-45"`.
fn number(value: &Value) -> Option<u32> {
    match value {
        // Fractions and what is below 0 are cut.
        Value::Number(number) => number.as_f64().map(|number| number as u32),
        Value::String(text) => {
            let digits = text.trim().trim_start_matches(['L', 'l']);
            let end = digits
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(digits.len());
            digits[..end].parse().ok()
        }
        _ => None,
    }
}

fn text(object: &Map<String, Value>, names: &[&str], longest: usize) -> Option<String> {
    let found = names.iter().find_map(|name| object.get(*name)?.as_str())?;
    let found = clean(found, longest);
    (!found.is_empty()).then_some(found)
}

/// Trimmed, cut to `longest` characters, without control characters that no database or host takes.
fn clean(text: &str, longest: usize) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.trim().chars().filter(kept).take(longest).collect()
}

#[cfg(test)]
mod tests;
