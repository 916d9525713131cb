//! A rule as somebody wrote it.

use serde::{Deserialize, Serialize};

/// What an event must be to meet a rule: each part that is given holds. Lists of patterns are met
/// by any of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Matchers {
    /// Patterns of the repository's name here, or at its host.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repos: Vec<String>,
    /// `pipeline`, `pipeline.failed` or `merge_request.*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Patterns of the branch; of a merge request's, the one that it goes to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<String>,
    /// Patterns of the branch that a merge request comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_branches: Vec<String>,
    /// Patterns of files; one of the changed ones matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Patterns of the name, login or mail address of who wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// None of these wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_authors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<bool>,
    /// At least as bad as this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// What its subject is now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// It brings at least so many commits,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_commits: Option<u32>,
    /// and touches at least so many files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_files: Option<u32>,
    #[serde(skip_serializing_if = "ReviewMatchers::is_empty")]
    pub review: ReviewMatchers,
}

/// Patterns of labels: `name`, or `name=value`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Labels {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<String>,
}

impl Labels {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the review of an event came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReviewMatchers {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_below: Option<u8>,
    /// A finding is at least as bad as this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
}

impl ReviewMatchers {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a rule does with the events that meet it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Sends them to its targets.
    #[default]
    Route,
    /// Holds them back: from its targets, or from all that come after it.
    Mute,
    /// Sends to its targets what no other rule matches and no target is linked to.
    Otherwise,
}

impl Mode {
    pub const NAMES: [&'static str; 3] = ["route", "mute", "otherwise"];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Mute => "mute",
            Self::Otherwise => "otherwise",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "route" => Some(Self::Route),
            "mute" => Some(Self::Mute),
            "otherwise" => Some(Self::Otherwise),
            _ => None,
        }
    }
}

/// How often a rule tells of one subject.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Once {
    /// At each event that meets it.
    #[default]
    Event,
    /// When the subject comes to meet it, at most once for each commit that it is at.
    Head,
    /// When the subject comes to meet it.
    Subject,
}

impl Once {
    pub const NAMES: [&'static str; 3] = ["event", "head", "subject"];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Head => "head",
            Self::Subject => "subject",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "event" => Some(Self::Event),
            "head" => Some(Self::Head),
            "subject" => Some(Self::Subject),
            _ => None,
        }
    }
}

/// A part that somebody has in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Who wrote the newest commit, else who opened the merge request or issue, else who acted.
    Author,
    /// Who did what it tells of.
    Actor,
    /// Who wrote its commits.
    Committers,
    Reviewers,
    Assignees,
}

impl Part {
    pub const ALL: [Self; 5] = [
        Self::Author,
        Self::Actor,
        Self::Committers,
        Self::Reviewers,
        Self::Assignees,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Actor => "actor",
            Self::Committers => "committers",
            Self::Reviewers => "reviewers",
            Self::Assignees => "assignees",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// Whom a rule means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Who {
    /// Whoever has this part in the event.
    Part(Part),
    /// This person, whatever they have to do with it.
    Person(i64),
}
