//! What is read from a Git host and shown there.

use super::RunState;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    pub path: String,
    pub old_path: Option<String>,
    pub status: ChangeStatus,
    pub additions: Option<u32>,
    pub deletions: Option<u32>,
    /// Unified diff hunks, from the first `@@`.
    pub patch: Option<String>,
    /// Why there is no patch.
    pub omitted: Option<Omission>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeStatus {
    Added,
    Modified,
    Removed,
    Renamed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Omission {
    Binary,
    TooLarge,
    Generated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeScope {
    Whole,
    /// What the newest commit is to be compared with is unknown or gone.
    NewestCommit,
}

/// A part of what an event changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePage {
    pub files: Vec<FileChange>,
    pub next: Option<String>,
    pub scope: ChangeScope,
    /// There are more files than the host tells of.
    pub truncated: bool,
}

/// What to show at the Git host. Texts are Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub head_sha: String,
    /// What the host's own verdict shall be; none: it is left as it is.
    pub verdict: Option<Decision>,
    /// 0 to 100.
    pub score: Option<u32>,
    pub summary: Option<String>,
    /// The host's id of the summary that this one replaces.
    pub earlier: Option<String>,
    pub comments: Vec<ReviewComment>,
    pub status: Option<CommitStatus>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approved,
    RequestChanges,
    Comment,
}

/// About a line that the diff shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewComment {
    pub path: String,
    pub old_path: Option<String>,
    /// In the new file, from 1.
    pub line: u32,
    /// In the old file; none for an added line.
    pub old_line: Option<u32>,
    /// In the file's diff: the line below the first `@@` is 1.
    pub position: u32,
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitStatus {
    pub state: StatusState,
    /// At most 140 characters.
    pub description: String,
    pub url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusState {
    Pending,
    Success,
    Failure,
    Error,
}

/// What the Git host shows of a review.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The host's id of the summary.
    pub summary: Option<String>,
    /// By their place in the review's list: comments that the summary has, since the host refused
    /// them.
    pub folded: Vec<u32>,
    pub problems: Vec<String>,
}

/// A merge request that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMergeRequest {
    pub title: String,
    /// Markdown.
    pub text: String,
    pub source_branch: String,
    pub target_branch: String,
    pub draft: bool,
}

/// A merge request as it is at its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRequestStatus {
    pub number: u64,
    pub url: Option<String>,
    /// `open`, `closed` or `merged`.
    pub state: String,
    pub head_sha: Option<String>,
    /// Of the newest commit, all pipelines and checks together.
    pub pipeline: Option<RunState>,
    /// RFC 3339.
    pub merged_at: Option<String>,
}
