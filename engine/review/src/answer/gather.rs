//! A reply from its objects, whatever they call things and wherever they put them.

use super::{
    Finding, LONGEST_SUMMARY, MOST_ISSUES, Reply, clean,
    finding::{self, Told},
    json::{self, Node, Object},
    names::{Member, decision, plain, says_nothing, severity},
};
use crate::{Decision, Severity};

/// Objects within each other that a review may be wrapped in.
const DEEPEST: usize = 5;

pub(super) struct Gathered {
    score: Option<u32>,
    decision: Option<Decision>,
    summary: Vec<String>,
    issues: Vec<Finding>,
    /// Something was there that holds issues, or would.
    has_list: bool,
    /// It is more than an id.
    says_something: bool,
    pub(super) is_whole: bool,
}

/// What holds for the issues below it.
#[derive(Clone, Copy, Default)]
struct Under<'a> {
    path: Option<&'a str>,
    severity: Option<Severity>,
    depth: usize,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            score: None,
            decision: None,
            summary: Vec::new(),
            issues: Vec::new(),
            has_list: false,
            says_something: false,
            is_whole: true,
        }
    }
}

impl Gathered {
    pub(super) fn read(&mut self, object: &Object) {
        self.object(object, Under::default());
    }

    pub(super) fn read_issue(&mut self, object: &Object) {
        self.entry(object, Under::default());
    }

    pub(super) fn reply(mut self) -> Reply {
        if self.issues.len() > MOST_ISSUES {
            // The worst are kept.
            self.issues
                .sort_by_key(|issue| std::cmp::Reverse(issue.severity));
            self.issues.truncate(MOST_ISSUES);
            self.is_whole = false;
        }
        // Whoever approves says that there are no issues.
        let approves_blindly = self.decision == Some(Decision::Approved) && !self.has_list;
        self.is_whole &= self.says_something && !approves_blindly;
        let mut summary = self.summary.join("\n\n");
        if !self.is_whole {
            // Where a quote is missing, a text goes on to the end of the next one.
            summary.truncate(json::before_members(&summary).len());
        }
        Reply {
            score: self.score,
            decision: self.decision,
            summary: clean(&summary, LONGEST_SUMMARY),
            issues: self.issues,
            is_whole: self.is_whole,
        }
    }

    fn object(&mut self, object: &Object, under: Under<'_>) {
        if under.depth > DEEPEST {
            self.is_whole = false;
            return;
        }
        for (name, node) in &object.0 {
            self.member(name, node, under);
        }
    }

    fn member(&mut self, name: &str, node: &Node, under: Under<'_>) {
        let member = Member::of(name);
        let holds_issues = matches!(member, Member::Issues | Member::OfSeverity(_));
        self.has_list |= holds_issues;
        self.says_something |=
            holds_issues || matches!(member, Member::Score | Member::Decision | Member::Summary);
        if let Some(nested) = quoted(node) {
            // JSON as a string.
            self.is_whole &= nested.is_sure;
            self.object(&nested.object, under.deeper());
            return;
        }
        match (member, node) {
            (Member::Id | Member::Praise, _) | (_, Node::Null) => {}
            (Member::Score, node) => {
                let score = finding::number(node).map(|score| score.min(100));
                self.score = [self.score, score].into_iter().flatten().min();
            }
            // Of two that contradict each other, the worse.
            (Member::Decision, Node::Text(text)) => {
                let said = [self.decision, decision(text)].into_iter().flatten();
                self.decision = said.max_by_key(|decision| badness(*decision));
            }
            (Member::Summary, Node::Text(text)) => self.summary.push(text.clone()),
            (Member::Summary, Node::Cut(text)) => self.summary.push(format!("{text}…")),
            (Member::Issues, node) => self.issues(name, node, under),
            (Member::OfSeverity(severity), node) => {
                let severity = Some(severity);
                self.issues(name, node, Under { severity, ..under });
            }
            (_, Node::Object(object)) => self.object(object, under.deeper()),
            (member, Node::List(entries)) => self.unknown(entries, member == Member::Aside, under),
            (_, Node::Text(_) | Node::Cut(_) | Node::Number(_) | Node::Bool(_)) => {}
        }
    }

    /// What stands under a name that is one of issues.
    fn issues(&mut self, name: &str, node: &Node, under: Under<'_>) {
        self.has_list = true;
        match node {
            Node::Null | Node::Bool(_) | Node::Cut(_) => {}
            Node::List(entries) => self.entries(entries, under),
            Node::Object(object) if is_entry(object) => self.entry(object, under),
            // By file, by severity, by number, or wrapped once more.
            Node::Object(object) => {
                for (name, node) in &object.0 {
                    let under = under.of(name);
                    match node {
                        Node::Object(object) if is_entry(object) => self.entry(object, under),
                        Node::List(entries) => self.entries(entries, under),
                        Node::Text(text) => self.text(text, under),
                        node => self.member(name, node, under.deeper()),
                    }
                }
            }
            Node::Text(text) if is_prose(name) => {
                if !says_nothing(text) {
                    self.summary.push(text.clone());
                }
            }
            Node::Text(text) => self.text(text, under),
            Node::Number(number) => {
                let name = plain(name);
                let is_list = matches!(
                    name.as_str(),
                    "issues" | "comments" | "findings" | "problems" | "bugs" | "errors"
                );
                self.is_whole &= !(is_list && *number > 0.0);
            }
        }
    }

    /// Of a list of issues.
    fn entries(&mut self, entries: &[Node], under: Under<'_>) {
        if under.depth > DEEPEST {
            self.is_whole = false;
            return;
        }
        for entry in entries {
            match entry {
                Node::Null | Node::Cut(_) => {}
                Node::Object(object) => self.entry(object, under),
                Node::Text(text) => self.text(text, under),
                Node::List(entries) => self.entries(entries, under.deeper()),
                Node::Number(_) | Node::Bool(_) => self.is_whole = false,
            }
        }
    }

    fn entry(&mut self, object: &Object, under: Under<'_>) {
        if under.depth > DEEPEST {
            self.is_whole = false;
            return;
        }
        if has_group(object) {
            let path = finding::path(object);
            let under = Under {
                path: path.as_deref().or(under.path),
                ..under.deeper()
            };
            let groups = object.0.iter().filter(|(name, node)| is_group(name, node));
            for (name, node) in groups {
                self.issues(name, node, under);
            }
            return;
        }
        self.has_list = true;
        match finding::read(object) {
            Told::Nothing => {}
            Told::Unclear => self.is_whole = false,
            Told::Issue(mut finding, is_clear) => {
                self.is_whole &= is_clear;
                finding.severity = finding.severity.or(under.severity);
                finding.path = finding.path.or_else(|| under.path.map(str::to_owned));
                self.issues.push(finding);
            }
        }
    }

    fn text(&mut self, text: &str, under: Under<'_>) {
        if !text.trim().is_empty() && !text.contains(char::is_alphanumeric) {
            // Punctuation alone is what a misplaced quote left.
            self.is_whole = false;
            return;
        }
        // As in `"risk": "low"` and `"issue_count": "2"`.
        let is_label = severity(text).is_some() || text.trim().parse::<f64>().is_ok();
        if !is_label && !says_nothing(text) {
            let mut finding = finding::of_text(text);
            finding.severity = under.severity;
            finding.path = under.path.map(str::to_owned);
            self.issues.push(finding);
        }
    }

    /// A list under a name that does not say what is in it, or says that it is something else.
    fn unknown(&mut self, entries: &[Node], is_aside: bool, under: Under<'_>) {
        for entry in entries {
            match entry {
                Node::Null => {}
                Node::Object(object) if is_finding(object) || has_group(object) => {
                    self.entry(object, under.deeper());
                }
                Node::Object(object) if is_review(object) => self.object(object, under.deeper()),
                _ => self.is_whole &= is_aside,
            }
        }
    }
}

impl<'a> Under<'a> {
    fn deeper(self) -> Self {
        let depth = self.depth + 1;
        Self { depth, ..self }
    }

    /// Below a member whose name says what is in it.
    fn of(self, name: &'a str) -> Self {
        let is_path = name.contains(['/', '.']);
        Self {
            path: is_path.then_some(name).or(self.path),
            severity: severity(name).or(self.severity),
            ..self.deeper()
        }
    }
}

/// A text that is an object once more.
fn quoted(node: &Node) -> Option<json::Read> {
    let Node::Text(text) = node else { return None };
    let text = json::without_fences(text);
    let is_object = text.starts_with('{') && json::first_object(text) == Some(0);
    is_object.then(|| json::read(text))
}

/// A list of issues within an entry.
fn is_group(name: &str, node: &Node) -> bool {
    let holds_more = match node {
        Node::List(entries) => entries.iter().any(|entry| matches!(entry, Node::Object(_))),
        _ => false,
    };
    holds_more && matches!(Member::of(name), Member::Issues | Member::OfSeverity(_))
}

fn has_group(object: &Object) -> bool {
    object.0.iter().any(|(name, node)| is_group(name, node))
}

/// Whether it is one issue, or one file's.
fn is_entry(object: &Object) -> bool {
    matches!(finding::read(object), Told::Issue(..))
        || (finding::path(object).is_some() && has_group(object))
}

fn badness(decision: Decision) -> u8 {
    match decision {
        Decision::Approved => 0,
        Decision::Comment => 1,
        Decision::RequestChanges => 2,
    }
}

/// Whether it says where, or how bad, besides what.
pub(super) fn is_finding(object: &Object) -> bool {
    let says_more = |finding: &Finding| {
        finding.severity.is_some() || (finding.path.is_some() && finding.line.is_some())
    };
    matches!(finding::read(object), Told::Issue(finding, _) if says_more(&finding))
}

/// A text under one of these is about the whole.
fn is_prose(name: &str) -> bool {
    let name = plain(name);
    let parts = [
        "comment",
        "feedback",
        "remark",
        "suggestion",
        "recommendation",
        "improvement",
    ];
    parts.iter().any(|part| name.contains(part)) || ["建议", "意见"].contains(&name.as_str())
}

pub(super) fn repeats(object: &Object, id: &str) -> bool {
    let is_id = |node: &Node| matches!(node, Node::Text(text) if text.trim() == id);
    let mut members = object.0.iter();
    members.any(|(name, node)| Member::of(name) == Member::Id && is_id(node))
}

/// Whether it or an object within it repeats the id.
pub(super) fn has_id(object: &Object, id: &str) -> bool {
    within(object, 0, &|object| repeats(object, id))
}

pub(super) fn is_review(object: &Object) -> bool {
    within(object, 0, &|object| {
        let known = object.0.iter().filter(|(name, node)| is_known(name, node));
        known.count() >= 2
            || object.0.iter().any(|(name, node)| {
                Member::of(name) == Member::Summary && matches!(node, Node::Text(_) | Node::Cut(_))
            })
    })
}

/// A review that says next to nothing.
pub(super) fn is_review_by_one_name(object: &Object) -> bool {
    within(object, 0, &|object| {
        object.0.iter().any(|(name, node)| is_known(name, node))
    })
}

fn is_known(name: &str, node: &Node) -> bool {
    match Member::of(name) {
        Member::Score | Member::Decision | Member::Summary => true,
        Member::Issues => matches!(node, Node::List(_)),
        _ => false,
    }
}

/// Whether this holds for the object, or for one that it wraps.
fn within(object: &Object, depth: usize, holds: &impl Fn(&Object) -> bool) -> bool {
    if holds(object) {
        return true;
    }
    depth < DEEPEST
        && object.0.iter().any(|(_, node)| match node {
            Node::Object(object) => within(object, depth + 1, holds),
            node => quoted(node).is_some_and(|nested| within(&nested.object, depth + 1, holds)),
        })
}
