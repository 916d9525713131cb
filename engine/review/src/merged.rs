//! One review from the replies about its parts, held against what the diffs show.

use crate::{
    Decision, Issue, Severity,
    answer::{Finding, Reply},
    diff::Shown,
    plan::File,
};
use std::collections::{HashMap, HashSet};

/// Issues of one review; the worst are kept.
const MOST_ISSUES: usize = 200;
/// Where the model names one that the prompt does not.
const OTHER: &str = "OTHER";

/// What a review came to.
#[derive(Debug, PartialEq, Eq)]
pub struct MergedReview {
    pub decision: Decision,
    pub score: Option<u32>,
    /// Of each part, in their order.
    pub summaries: Vec<String>,
    /// The worst first.
    pub issues: Vec<Issue>,
    /// All that the models said was read, and all issues are among these.
    pub is_whole: bool,
}

/// A reply, about so many tokens of diffs, with the categories that its prompt knows.
pub struct Part<'a> {
    pub reply: Reply,
    pub tokens: u32,
    pub categories: &'a [String],
}

pub fn combine(parts: Vec<Part<'_>>, files: &[File], floor: Severity) -> MergedReview {
    let score = score(&parts);
    let decisions: Vec<Decision> = parts.iter().map(|part| decided(&part.reply)).collect();
    let mut findings = parts.iter().flat_map(|part| &part.reply.issues);
    let may_be_grave = findings.any(|finding| finding.severity.is_none());
    let mut is_whole = parts.iter().all(|part| part.reply.is_whole);
    let mut summaries = Vec::new();
    let mut issues = Vec::new();
    let mut checker = Checker::new(files);
    for part in parts {
        summaries.extend(Some(part.reply.summary).filter(|summary| !summary.is_empty()));
        for finding in part.reply.issues {
            // What has no severity is not known to be below the floor.
            let is_told = finding.severity.is_none_or(|severity| severity >= floor);
            if is_told {
                issues.push(checker.check(finding, part.categories));
            }
        }
    }
    issues.sort_by(|a, b| {
        let key = |issue: &Issue| {
            (
                std::cmp::Reverse(issue.severity),
                issue.path.clone(),
                issue.line,
            )
        };
        key(a).cmp(&key(b))
    });
    // Of one that is told twice, the graver stays.
    let mut seen = HashSet::new();
    issues.retain(|issue| seen.insert((issue.path.clone(), issue.line, issue.message.clone())));
    is_whole &= issues.len() <= MOST_ISSUES;
    issues.truncate(MOST_ISSUES);
    MergedReview {
        decision: worst(&decisions, &issues, may_be_grave),
        score,
        summaries,
        issues,
        is_whole,
    }
}

/// The mean, by how much each part was about.
fn score(parts: &[Part<'_>]) -> Option<u32> {
    let scored = || {
        parts
            .iter()
            .filter_map(|part| Some((part.reply.score?, part.tokens.max(1))))
    };
    let weight: u64 = scored().map(|(_, tokens)| u64::from(tokens)).sum();
    let sum: u64 = scored()
        .map(|(score, tokens)| u64::from(score) * u64::from(tokens))
        .sum();
    let mean = (sum + weight / 2).checked_div(weight)?;
    u32::try_from(mean).ok()
}

/// What the reply says, or what its issues come to.
fn decided(reply: &Reply) -> Decision {
    let is_bad = |issue: &Finding| issue.severity >= Some(Severity::High);
    match reply.decision {
        Some(decision) => decision,
        None if reply.issues.iter().any(is_bad) => Decision::RequestChanges,
        None => Decision::Comment,
    }
}

/// The most severe one counts. An approval beside an issue that is grave, or may be, is none: a
/// model does not contradict itself by its own idea.
fn worst(decisions: &[Decision], issues: &[Issue], may_be_grave: bool) -> Decision {
    let says = |decision| decisions.contains(&decision);
    let is_grave = || issues.iter().any(|issue| issue.severity >= Severity::High);
    if says(Decision::RequestChanges) {
        Decision::RequestChanges
    } else if says(Decision::Comment) || may_be_grave || is_grave() {
        Decision::Comment
    } else {
        Decision::Approved
    }
}

struct Checker<'a> {
    files: HashMap<&'a str, &'a File>,
    shown: HashMap<&'a str, Shown>,
}

impl<'a> Checker<'a> {
    fn new(files: &'a [File]) -> Self {
        Self {
            files: files
                .iter()
                .map(|file| (file.path.as_str(), file))
                .collect(),
            shown: HashMap::new(),
        }
    }

    /// The issue, at a place that the diffs show, or at none.
    fn check(&mut self, finding: Finding, categories: &[String]) -> Issue {
        let Finding {
            path,
            line,
            severity,
            category,
            mut message,
            suggestion,
        } = finding;
        let file = path.as_deref().and_then(|path| self.file(path));
        if let (Some(path), None) = (&path, file) {
            // A file that is not in the change: what is said of it is kept.
            message = format!("{path}: {message}");
        }
        let place = file.zip(line).and_then(|(file, line)| {
            let shown = self.shown.entry(&file.path);
            let shown = shown.or_insert_with(|| Shown::of(&file.patch));
            Some((line, shown.place(line)?))
        });
        let is_known = categories.contains(&category);
        Issue {
            path: file.map(|file| file.path.clone()),
            line: place.map(|(line, _)| line),
            severity: severity.unwrap_or(Severity::Medium),
            category: if is_known { category } else { OTHER.to_owned() },
            message,
            suggestion,
            place: place.map(|(_, place)| place),
            old_path: file.and_then(|file| file.old_path.clone()),
        }
    }

    /// Also where the model left the marks of a diff in front.
    fn file(&self, path: &str) -> Option<&'a File> {
        let plain = path.trim_start_matches("./");
        let marked = ["a/", "b/"]
            .iter()
            .find_map(|mark| plain.strip_prefix(mark));
        let candidates = [Some(path), Some(plain), marked];
        candidates
            .into_iter()
            .flatten()
            .find_map(|path| self.files.get(path).copied())
    }
}

#[cfg(test)]
mod tests;
