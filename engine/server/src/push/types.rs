use super::state::{Outcome, PushState, delivered, waiting};
use crate::{event::summary, review::Codeview};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, PushId, ReplayId, RepoId, RuleId, TargetId, TemplateId},
};
use push_notify_host::Event;
use schemars::JsonSchema;
use serde::Serialize;
use std::ops::Add;

/// The contract's three words for our states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "PushStatus")]
pub enum Status {
    Success,
    Failed,
    Pending,
}

impl Status {
    pub const NAMES: [&'static str; 3] = ["success", "failed", "pending"];

    pub fn of_state(state: PushState) -> Self {
        match state {
            PushState::Delivered => Self::Success,
            waiting if waiting.is_waiting() => Self::Pending,
            _ => Self::Failed,
        }
    }

    /// One of [`Status::NAMES`].
    pub fn of_name(name: &str) -> Self {
        match name {
            "success" => Self::Success,
            "pending" => Self::Pending,
            _ => Self::Failed,
        }
    }

    /// The condition on `p.state`; indexes have the same.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Self::Success => concat!("p.", delivered!()),
            Self::Pending => concat!("p.", waiting!()),
            Self::Failed => "p.failed = 1",
        }
    }
}

/// How many pushes of a repository or target there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PushCounts")]
pub struct Stats {
    pub total: i64,
    pub success: i64,
    pub failed: i64,
}

impl Stats {
    /// How many have this status.
    pub fn of(&self, status: Status) -> i64 {
        match status {
            Status::Success => self.success,
            Status::Failed => self.failed,
            Status::Pending => self.total - self.success - self.failed,
        }
    }

    /// In percent of those that ended, with one decimal; 0 when none did.
    pub fn success_rate(&self) -> f64 {
        let ended = self.success + self.failed;
        if ended == 0 {
            return 0.0;
        }
        (self.success as f64 * 1000.0 / ended as f64).round() / 10.0
    }
}

impl Add for Stats {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            success: self.success + other.success,
            failed: self.failed + other.failed,
        }
    }
}

/// A push in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PushEntry")]
pub struct Entry {
    pub id: PushId,
    pub event_id: EventId,
    pub repo_id: RepoId,
    pub repo_name: Option<String>,
    pub target_id: TargetId,
    pub target_name: Option<String>,
    pub target_type: Option<String>,
    pub commit_id: String,
    pub commit_msg: String,
    pub status: Status,
    pub state: PushState,
    pub reason: Option<String>,
    /// The push whose message carries this one.
    pub carried_by: Option<PushId>,
    pub pushed_at: Option<String>,
    pub created_at: String,
}

/// A push as stored, with the names of what it belongs to.
pub struct Push {
    pub id: PushId,
    pub event_id: EventId,
    pub repo_id: RepoId,
    pub repo_name: Option<String>,
    pub repo_url: Option<String>,
    pub target_id: TargetId,
    pub target_name: Option<String>,
    pub target_type: Option<String>,
    pub template_id: Option<TemplateId>,
    pub template_name: Option<String>,
    pub retry_of: Option<PushId>,
    pub replay_id: Option<ReplayId>,
    /// The replay whose form of the event it tells of.
    pub form_id: Option<ReplayId>,
    pub superseded_by: Option<PushId>,
    pub carried_by: Option<PushId>,
    /// Those that sent it.
    pub rules: Vec<RuleId>,
    pub commit_id: String,
    pub commit_msg: String,
    pub state: PushState,
    pub reason: Option<String>,
    pub attempts: i64,
    pub run_at: Micros,
    pub waits_for: Option<String>,
    /// A worker has it now.
    pub leased: bool,
    /// Of the message that carries it.
    pub title: Option<String>,
    pub body: Option<String>,
    pub pushed_at: Option<Micros>,
    pub created_at: Micros,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Attempt {
    pub attempt: i64,
    pub outcome: Outcome,
    pub detail: Option<String>,
    pub started_at: String,
    pub duration_ms: f64,
}

/// As many changed files as a push shows; `file_count` has their number.
const MOST_FILES: usize = 500;

/// A push by itself: the API contract's fields, and what we know besides.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PushDetail")]
pub struct Detail {
    id: PushId,
    event_id: EventId,
    repo: OfRepo,
    target: OfTarget,
    template: Option<OfTemplate>,
    commit: OfCommit,
    /// The review that the message tells of.
    codeview: Option<Codeview>,
    content: Content,
    status: Status,
    state: PushState,
    reason: Option<String>,
    retry_count: i64,
    error_msg: Option<String>,
    retry_of: Option<PushId>,
    /// The replay that made it.
    replay_id: Option<ReplayId>,
    /// The push that was made in its place, when it had ended without success.
    superseded_by: Option<PushId>,
    /// The push whose message carries this one: of several that waited for the target's rate.
    carried_by: Option<PushId>,
    /// How many pushes its message carries, where it is the one that carries them.
    carries: Option<i64>,
    /// The rules that sent it, in their order. Empty: its target hears of the repository anyway.
    rules: Vec<RuleId>,
    attempts: Vec<Attempt>,
    /// While it waits.
    next_attempt_at: Option<String>,
    /// What it waits for until then, unless it is the time alone: `quiet_hours` of its target.
    waits_for: Option<String>,
    pushed_at: Option<String>,
    created_at: String,
}

#[derive(Serialize, JsonSchema)]
struct OfRepo {
    id: RepoId,
    name: Option<String>,
    url: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct OfTarget {
    id: TargetId,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct OfTemplate {
    id: TemplateId,
    name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct OfCommit {
    id: String,
    msg: String,
    author: Option<String>,
    branch: Option<String>,
    /// The first 500.
    changed_files: Vec<String>,
    file_count: usize,
}

/// What was sent; null before it is rendered.
#[derive(Serialize, JsonSchema)]
struct Content {
    title: Option<String>,
    body: Option<String>,
}

impl Push {
    pub fn status(&self) -> Status {
        Status::of_state(self.state)
    }

    pub fn detail(
        self,
        event: Option<&Event>,
        codeview: Option<Codeview>,
        attempts: Vec<Attempt>,
        carries: Option<i64>,
    ) -> Detail {
        let status = self.status();
        let waiting = self.state == PushState::Pending && !self.leased;
        let mut files = event.map(summary::changed_files).unwrap_or_default();
        let file_count = files.len();
        files.truncate(MOST_FILES);
        Detail {
            id: self.id,
            event_id: self.event_id,
            repo: OfRepo {
                id: self.repo_id,
                name: self.repo_name,
                url: self.repo_url,
            },
            target: OfTarget {
                id: self.target_id,
                name: self.target_name,
                kind: self.target_type,
            },
            template: self.template_id.map(|id| OfTemplate {
                id,
                name: self.template_name,
            }),
            commit: OfCommit {
                id: self.commit_id,
                msg: self.commit_msg,
                author: event.and_then(summary::author).map(str::to_owned),
                branch: event.and_then(summary::branch).map(str::to_owned),
                changed_files: files.into_iter().map(str::to_owned).collect(),
                file_count,
            },
            codeview,
            content: Content {
                title: self.title,
                body: self.body,
            },
            status,
            state: self.state,
            retry_count: (self.attempts - 1).max(0),
            error_msg: self.reason.clone().filter(|_| status != Status::Success),
            reason: self.reason,
            retry_of: self.retry_of,
            replay_id: self.replay_id,
            superseded_by: self.superseded_by,
            carried_by: self.carried_by,
            carries,
            rules: self.rules,
            attempts,
            waits_for: self.waits_for.filter(|_| waiting),
            next_attempt_at: waiting.then(|| rfc3339(self.run_at)),
            pushed_at: self.pushed_at.map(rfc3339),
            created_at: rfc3339(self.created_at),
        }
    }
}

#[cfg(test)]
mod tests;
