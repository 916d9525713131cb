use super::{
    Conversation, DigestRule, QuietHours,
    health::{Health, Shown},
};
use crate::{owner::Owner, plugin::settings::Stored, push::Stats};
use push_notify_core::{
    clock::{Micros, rfc3339},
    i18n::{Locale, Text},
    id::{PersonId, RepoId, RowId, TargetId, listed},
};
use push_notify_manifest::Manifest;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

pub use crate::repo::Status;

#[derive(Debug, Clone)]
pub struct Target {
    pub id: TargetId,
    pub name: String,
    /// The channel plugin's id.
    pub kind: String,
    pub settings: Stored,
    pub scope: Scope,
    pub status: Status,
    pub quiet_hours: Option<QuietHours>,
    /// The IANA name of the zone by whose clocks messages tell times.
    pub timezone: Option<String>,
    /// In which messages speak.
    pub language: Option<Locale>,
    /// Who answers for it, and is told when it fails.
    pub owner: Option<Owner>,
    /// Who is told when this one fails.
    pub notice_target_id: Option<TargetId>,
    /// Whose own it is: what rules tell this person goes here.
    pub person_id: Option<PersonId>,
    pub digest: DigestRule,
    pub conversation: Conversation,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// A global target gets every repository's messages, one of scope `repo` those of the repositories
/// that it is linked to, and one of scope `rules` only what rules send to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Global,
    Repo,
    Rules,
}

impl Scope {
    pub const NAMES: [&'static str; 3] = ["global", "repo", "rules"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Repo => "repo",
            Self::Rules => "rules",
        }
    }

    pub fn from_stored(text: &str) -> Self {
        match text {
            "global" => Self::Global,
            "rules" => Self::Rules,
            _ => Self::Repo,
        }
    }
}

/// A target where it is only named.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TargetBrief")]
pub struct Brief {
    pub id: TargetId,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
}

/// A linked repository.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LinkedRepo {
    pub id: RepoId,
    pub name: String,
}

/// A target in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TargetEntry")]
pub struct Entry {
    pub id: TargetId,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub scope: Scope,
    pub status: Status,
    /// Null: the administrators.
    pub owner: Option<Owner>,
    pub push_count: i64,
    /// In percent of those that ended; 0 when none did.
    pub success_rate: f64,
    pub health: Shown,
    pub created_at: String,
    pub updated_at: String,
}

/// The answer to `POST /targets/{id}/repos`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TargetLinked")]
pub struct Linked {
    pub target_id: TargetId,
    pub repo_ids: Vec<RepoId>,
}

/// A target by itself. No secret is in it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TargetDetail")]
pub struct Detail {
    id: TargetId,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    scope: Scope,
    config: Map<String, Value>,
    repos: Vec<LinkedRepo>,
    push_stats: Stats,
    status: Status,
    health: Shown,
    quiet_hours: Option<QuietHours>,
    /// By whose clocks messages to it tell times; null: the installation's (`server.timezone`).
    timezone: Option<String>,
    /// In what language messages to it speak, zh-CN or en-US; null: the installation's
    /// (`server.language`).
    language: Option<&'static str>,
    /// Who is told when it fails; null: the administrators own it.
    owner: Option<Owner>,
    /// The target that is told when this one fails, unless its owner is told by mail.
    notice_target_id: Option<TargetId>,
    /// The person whose own it is: what rules tell them goes here, outside their quiet hours and in
    /// their language where it has none.
    person_id: Option<PersonId>,
    digest: DigestRule,
    /// What follows about the same thing: `new` (a message of its own), `update` (the first message
    /// is changed), `thread` (the first one is answered) or `update+thread`.
    conversation: Conversation,
    /// What of it the channel can do.
    conversation_in_force: Conversation,
    created_at: String,
    updated_at: String,
}

impl Target {
    pub fn detail(
        self,
        repos: Vec<LinkedRepo>,
        push_stats: Stats,
        health: &Health,
        channel: Option<&Manifest>,
        now: Micros,
    ) -> Detail {
        Detail {
            id: self.id,
            name: self.name,
            kind: self.kind,
            scope: self.scope,
            config: self.settings.masked(),
            conversation_in_force: self
                .conversation
                .reached(channel, |field| self.settings.is_filled(field)),
            repos,
            push_stats,
            status: self.status,
            health: health.shown(now),
            quiet_hours: self.quiet_hours,
            timezone: self.timezone,
            language: self.language.map(Locale::tag),
            owner: self.owner,
            notice_target_id: self.notice_target_id,
            person_id: self.person_id,
            digest: self.digest,
            conversation: self.conversation,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }

    pub fn entry(self, stats: Stats, health: &Health, now: Micros) -> Entry {
        Entry {
            id: self.id,
            name: self.name,
            kind: self.kind,
            scope: self.scope,
            status: self.status,
            owner: self.owner,
            push_count: stats.total,
            success_rate: stats.success_rate(),
            health: health.shown(now),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}

/// Which of the ids in a body stand for nothing.
pub fn no_such(field: &str, ids: &[impl RowId]) -> Text {
    let ids = listed(ids.iter().copied());
    Text::of_field(
        field,
        &Text::made(
            format!("包含不存在的ID：{ids}"),
            format!("holds unknown ids: {ids}"),
        ),
    )
}
