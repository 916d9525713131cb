//! The result of a review, as it is stored and shown.

use crate::{Severity, diff::Place};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that the reviewer finds fault with. The column `reviews.issues` is a list of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReviewIssue")]
pub struct Issue {
    /// None: about the change as a whole.
    pub path: Option<String>,
    /// In the new file; only lines that the diff shows.
    pub line: Option<u32>,
    pub severity: Severity,
    /// One of the prompt's categories.
    pub category: String,
    pub message: String,
    pub suggestion: Option<String>,
    /// Where the line stands elsewhere, for comments at the Git host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub place: Option<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub old_path: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(rename = "ReviewDecision")]
pub enum Decision {
    Approved,
    RequestChanges,
    Comment,
}

impl Decision {
    pub const NAMES: [&'static str; 3] = ["APPROVED", "REQUEST_CHANGES", "COMMENT"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::RequestChanges => "REQUEST_CHANGES",
            Self::Comment => "COMMENT",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Approved, Self::RequestChanges, Self::Comment];
        all.into_iter().find(|decision| decision.name() == name)
    }
}

/// What the review covers. The column `reviews.coverage`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ReviewCoverage")]
pub struct Coverage {
    /// Files that were reviewed.
    pub reviewed: u32,
    /// Files that were not, by reason.
    pub left_out: BTreeMap<Reason, u32>,
    /// The first of them.
    pub files: Vec<LeftOut>,
    /// Only the newest commit was looked at: what came before is gone, or there is nothing to
    /// compare a new branch with.
    pub newest_commit_only: bool,
    /// The latter.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_new: bool,
    /// The Git host did not tell of all files.
    pub truncated: bool,
    /// A model's answer ended before its end, or could not be read in full: there may be more to
    /// say.
    pub cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReviewLeftOut")]
pub struct LeftOut {
    pub path: String,
    pub reason: Reason,
}

/// Why a file is not reviewed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ReviewLeftOutReason")]
pub enum Reason {
    /// The repository's patterns.
    Pattern,
    LockFile,
    Vendored,
    Generated,
    Binary,
    /// The host shows no diff of it, or a single hunk is more than a question may hold.
    TooLarge,
    /// The tokens are used up.
    Budget,
    /// It was deleted, or only its name changed.
    NothingToRead,
}

impl Reason {
    /// Whether somebody might have expected the file to be reviewed.
    pub fn is_a_gap(self) -> bool {
        matches!(self, Self::TooLarge | Self::Budget)
    }
}

/// Files that are listed by name; the others are only counted.
pub const MOST_LISTED: usize = 200;

impl Coverage {
    pub fn leave_out(&mut self, path: &str, reason: Reason) {
        *self.left_out.entry(reason).or_default() += 1;
        if self.files.len() < MOST_LISTED {
            self.files.push(LeftOut {
                path: path.to_owned(),
                reason,
            });
        }
    }

    /// Whether there is something that somebody might have expected to be reviewed and that was
    /// not.
    pub fn has_gaps(&self) -> bool {
        let counts = || self.left_out.iter();
        self.truncated
            || self.cut
            || counts().any(|(reason, count)| reason.is_a_gap() && *count > 0)
    }
}
