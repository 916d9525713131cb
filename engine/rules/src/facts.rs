//! What rules can ask of an event. Whoever receives events fills this in, once for each.

use std::borrow::Cow;

/// What an event says. What it does not say is `None`, and a rule that asks for it cannot tell.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// The repository's name here.
    pub repo: &'a str,
    /// Its name at its host: `group/project`.
    pub repository: &'a str,
    /// The provider plugin's id.
    pub source: &'a str,
    /// `push`, `pipeline`, ...
    pub kind: &'a str,
    pub action: Option<&'a str>,
    /// What it is about: the same over all its events.
    pub subject: Option<&'a str>,
    /// The commit that its subject is at.
    pub head: Option<&'a str>,
    pub title: Option<Cow<'a, str>>,
    pub text: Option<&'a str>,
    pub state: Option<&'a str>,
    pub severity: Option<Severity>,
    /// The branch, or the one that a merge request comes from.
    pub branch: Option<&'a str>,
    /// Where a merge request goes to.
    pub target_branch: Option<&'a str>,
    pub tag: Option<&'a str>,
    /// Of a merge request or issue, by its host's number.
    pub number: Option<i64>,
    /// Who wrote what it is about: name, login and mail address, as far as they are known.
    pub author: Vec<&'a str>,
    /// Who did what it tells of; the same.
    pub actor: Vec<&'a str>,
    /// Whether a program did it.
    pub bot: Option<bool>,
    pub draft: Option<bool>,
    pub created: Option<bool>,
    pub deleted: Option<bool>,
    pub forced: Option<bool>,
    /// `name`, or `name=value`.
    pub labels: Option<Vec<Cow<'a, str>>>,
    /// The files that its commits touch.
    pub paths: Option<Vec<&'a str>>,
    /// How many commits it brings.
    pub commits: Option<i64>,
    pub review: Review<'a>,
}

/// What is known of the review of an event.
#[derive(Debug, Clone, Copy, Default)]
pub enum Review<'a> {
    /// There is none.
    #[default]
    None,
    /// There will be one.
    Awaited,
    Done(Reviewed<'a>),
}

/// What a review came to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reviewed<'a> {
    /// `approve`, `request_changes` or `comment`; none where it failed or was skipped.
    pub decision: Option<&'a str>,
    /// From 0 to 100.
    pub score: Option<i64>,
    /// Of its worst finding.
    pub severity: Option<&'a str>,
    /// How many findings it has.
    pub issues: i64,
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    pub const NAMES: [&'static str; 5] = ["critical", "high", "medium", "low", "info"];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "critical" => Self::Critical,
            "high" => Self::High,
            "medium" => Self::Medium,
            "low" => Self::Low,
            "info" => Self::Info,
            _ => return None,
        })
    }
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    Yes,
    No,
    /// The event does not say.
    Unknown,
}

impl Met {
    /// Of a fact that may be missing.
    pub fn of<T>(fact: Option<T>, holds: impl FnOnce(T) -> bool) -> Self {
        fact.map_or(Self::Unknown, |fact| holds(fact).into())
    }
}

impl From<bool> for Met {
    fn from(holds: bool) -> Self {
        match holds {
            true => Self::Yes,
            false => Self::No,
        }
    }
}
