//! What the engine sees of a plugin: plain types and one trait per kind. How a plugin runs is
//! behind them.

mod event;
mod forge;
mod mapping;
mod settings;
mod shortened;

pub use event::{
    Alert, AlertGroup, Comment, Commit, Deployment, Event, Field, Issue, Job, Label, MergeRequest,
    Person, Pipeline, Release, Repository, RunState, Severity,
};
pub use forge::{
    ChangePage, ChangeScope, ChangeStatus, CommitStatus, Decision, FileChange, MergeRequestStatus,
    NewMergeRequest, Omission, Published, Review, ReviewComment, StatusState,
};
pub use mapping::{MappingProblem, Misfit, Preset};
pub use settings::{LIST, Party, SecretValue, Settings, field_of};
pub use shortened::Shortened;

use crate::verdict::{CallError, Failure, Rejection};
use async_trait::async_trait;
use bytes::Bytes;
use push_notify_manifest::Capability;

/// Authenticates and normalises webhook deliveries.
#[async_trait]
pub trait Provider: Send + Sync {
    async fn receive(
        &self,
        webhook: Webhook,
        settings: &Settings,
    ) -> Result<Result<Reception, Rejection>, CallError>;

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

    /// Opens a merge request, or finds the one of these branches that is open.
    async fn open_merge_request(
        &self,
        request: &NewMergeRequest,
        settings: &Settings,
    ) -> Result<Result<MergeRequestStatus, Failure>, CallError> {
        let _ = (request, settings);
        lacking(Capability::MergeRequests)
    }

    /// None: there is none of that number.
    async fn merge_request_status(
        &self,
        number: u64,
        settings: &Settings,
    ) -> Result<Result<Option<MergeRequestStatus>, Failure>, CallError> {
        let _ = (number, settings);
        lacking(Capability::MergeRequests)
    }

    /// Mappings that the plugin brings along.
    async fn presets(&self) -> Result<Vec<Preset>, CallError> {
        Err(lacking_mapping())
    }

    /// What is wrong with a mapping. The settings hold no secrets.
    async fn check_mapping(&self, settings: &Settings) -> Result<Vec<MappingProblem>, CallError> {
        let _ = settings;
        Err(lacking_mapping())
    }

    /// What a request would come to if it were proved. The settings hold no secrets.
    async fn preview(
        &self,
        webhook: Webhook,
        settings: &Settings,
    ) -> Result<Result<Delivery, Misfit>, CallError> {
        let _ = (webhook, settings);
        Err(lacking_mapping())
    }

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

    /// Puts a message in the place of the one whose receipt had this handle.
    async fn update(
        &self,
        handle: &str,
        message: &Message,
        settings: &Settings,
    ) -> Result<Result<Followed, Failure>, CallError> {
        let _ = (handle, message, settings);
        lacking(Capability::Update)
    }

    /// Sends a message as an answer to the one whose receipt had this handle.
    async fn reply(
        &self,
        handle: &str,
        message: &Message,
        settings: &Settings,
    ) -> Result<Result<Followed, Failure>, CallError> {
        let _ = (handle, message, settings);
        lacking(Capability::Reply)
    }

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

/// What a plugin answers that cannot do what it is called for.
pub(crate) fn lacking<T>(capability: Capability) -> Result<Result<T, Failure>, CallError> {
    let why = format!("this plugin has no capability `{capability}`");
    Ok(Err(Failure::Rejected(why)))
}

/// Who has no mapping is asked for none.
pub(crate) fn lacking_mapping() -> CallError {
    CallError::Output(format!(
        "this plugin has no capability `{}`",
        Capability::Mapping
    ))
}

/// A webhook request as it arrived. Header names are lower case.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// In capitals.
    pub method: String,
    /// What follows the repository's address; empty, or from its `/`.
    pub path: String,
    /// Without `?`.
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    /// When it came, in Unix ms, if that was not now: a proof that holds for some minutes is judged
    /// by the clock of then.
    pub received_ms: Option<u64>,
}

/// What a provider made of a request that it found to be authentic.
#[derive(Debug, Clone)]
pub enum Reception {
    Delivery(Delivery),
    /// What the sender wants to hear before it sends anything.
    Challenge(Challenge),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub content_type: String,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: Option<String>,
    pub effect: Option<Effect>,
    /// At least one.
    pub events: Vec<Event>,
    /// What the event lacks of what the plugin told, because it was too much.
    pub shortened: Option<Shortened>,
}

/// Deliveries with one key from different sources within ten minutes are one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    pub key: String,
    pub source: String,
}

/// A button of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub name: String,
    pub who: Mentioned,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mentioned {
    /// The person's name for the channel.
    Handle(String),
    Everyone,
    /// Somebody who has no name there that is known.
    Unknown,
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
    /// What it is about, as in [`Event`]. None in what the engine says by itself.
    pub kind: Option<String>,
    pub action: Option<String>,
    pub severity: Option<Severity>,
    pub state: Option<String>,
    /// The same for all messages about one thing; at most 255 bytes of ASCII.
    pub subject: Option<String>,
    pub repository: String,
    pub branch: Option<String>,
    pub author: Option<String>,
    pub fields: Vec<Field>,
    /// The most important first.
    pub links: Vec<Link>,
    /// The body refers to them by links to `mention:` and their place here.
    pub mentions: Vec<Mention>,
    /// `zh-CN` or `en-US`.
    pub locale: String,
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
    /// What [`Channel::update`] and [`Channel::reply`] find it by; at most 1 KiB.
    pub handle: Option<String>,
    /// What the record of the attempt should say.
    pub note: Option<String>,
}

/// How a call about an earlier message ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    Sent(Receipt),
    /// The earlier message is not there any more, or cannot be changed any more, and why.
    Gone(String),
}

#[derive(Debug, Clone, Default)]
pub struct AiRequest {
    pub turns: Vec<Turn>,
    pub json: bool,
    /// JSON Schema of the object that is wanted.
    pub schema: Option<String>,
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
    /// Of the input: what was cheaper, since the vendor had kept it.
    pub cached_tokens: Option<u64>,
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
