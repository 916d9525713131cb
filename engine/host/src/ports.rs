//! What the engine sees of a plugin: plain types and one trait per kind. How a plugin runs is
//! behind them.

mod settings;
mod shortened;

pub use settings::{Party, SecretValue, Settings};
pub use shortened::Shortened;

use crate::verdict::{CallError, Failure, Rejection};
use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// Authenticates and normalises webhook deliveries.
#[async_trait]
pub trait Provider: Send + Sync {
    async fn receive(
        &self,
        webhook: Webhook,
        settings: &Settings,
    ) -> Result<Result<Delivery, Rejection>, CallError>;

    /// One part of what the event changed: the first, or the one that `from`, the former part's
    /// `next`, names.
    async fn changes(
        &self,
        event: &Event,
        from: Option<&str>,
        settings: &Settings,
    ) -> Result<Result<ChangePage, Failure>, CallError>;

    /// A text file as the event left it.
    async fn content(
        &self,
        event: &Event,
        path: &str,
        settings: &Settings,
    ) -> Result<Result<Option<String>, Failure>, CallError>;

    async fn publish_review(
        &self,
        event: &Event,
        review: &Review,
        settings: &Settings,
    ) -> Result<Result<Published, Failure>, CallError>;

    async fn probe(&self, settings: &Settings) -> Result<Result<(), Failure>, CallError>;
}

/// Delivers messages.
#[async_trait]
pub trait Channel: Send + Sync {
    async fn send(
        &self,
        message: &Message,
        settings: &Settings,
    ) -> Result<Result<Receipt, Failure>, CallError>;

    async fn probe(&self, settings: &Settings) -> Result<Result<(), Failure>, CallError>;
}

/// Speaks the API of an AI vendor.
#[async_trait]
pub trait Ai: Send + Sync {
    async fn complete(
        &self,
        request: &AiRequest,
        settings: &Settings,
    ) -> Result<Result<Completion, Failure>, CallError>;

    async fn probe(&self, settings: &Settings) -> Result<Result<ModelInfo, Failure>, CallError>;
}

/// A webhook request as it arrived. Header names are lower case.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    /// When it came, in Unix ms, if that was not now: a proof that holds for some minutes is judged
    /// by the clock of then.
    pub received_ms: Option<u64>,
}

#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: Option<String>,
    pub effect: Option<Effect>,
    pub event: Event,
    /// What the event lacks of what the plugin told, because it was too much.
    pub shortened: Option<Shortened>,
}

/// Deliveries with one key from different sources within ten minutes are one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub key: String,
    pub source: String,
}

/// The normalised event. Serialised, it is what the event API shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The plugin's id.
    pub provider: String,
    /// `push`, `tag_push` or `merge_request`.
    pub kind: String,
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    pub branch: Option<String>,
    pub tag: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub created: Option<bool>,
    pub deleted: Option<bool>,
    pub forced: Option<bool>,
    pub commits: Vec<Commit>,
    pub total_commits: Option<u32>,
    pub actor: Option<Person>,
    pub repository: Repository,
    pub merge_request: Option<MergeRequest>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub id: String,
    pub message: String,
    pub url: Option<String>,
    pub timestamp: Option<String>,
    pub author: Option<Person>,
    pub added: Vec<String>,
    pub modified: Vec<String>,
    pub removed: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: Option<String>,
    pub login: Option<String>,
    pub email: Option<String>,
    pub avatar_url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    pub full_name: String,
    pub url: Option<String>,
    pub clone_url: Option<String>,
    pub default_branch: Option<String>,
    pub private: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeRequest {
    pub number: u64,
    pub title: String,
    pub action: MergeRequestAction,
    pub state: String,
    pub source_branch: String,
    pub target_branch: String,
    pub head_sha: Option<String>,
    pub base_sha: Option<String>,
    pub url: Option<String>,
    pub author: Option<Person>,
    pub draft: Option<bool>,
    pub merged: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergeRequestAction {
    Opened,
    Updated,
    Reopened,
    Merged,
    Closed,
}

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

/// One message for one target.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Stable over the attempts at one push, unique between pushes; safe in a Message-ID's left
    /// part.
    pub id: String,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub url: Option<String>,
    pub scene: String,
    pub repository: String,
    /// Unix time in ms at which the push was accepted.
    pub created_at_ms: u64,
    /// The engine's host name, for a Message-ID's right part.
    pub origin: String,
    /// From 1.
    pub attempt: u32,
    /// When not empty: these recipients only.
    pub only_to: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The far side's id of the message.
    pub id: Option<String>,
    /// What the record of the attempt should say.
    pub note: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct AiRequest {
    pub turns: Vec<Turn>,
    pub json: bool,
    pub max_tokens: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct Turn {
    pub role: Role,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    System,
    User,
    Assistant,
}

#[derive(Debug, Clone)]
pub struct Completion {
    pub text: String,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub stop: StopReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    Complete,
    Length,
    Refused,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelInfo {
    pub id: String,
    pub owned_by: Option<String>,
    pub created: Option<u64>,
}
