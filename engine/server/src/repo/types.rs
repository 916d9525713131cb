use super::former;
use crate::{owner::Owner, plugin::settings::Stored, push::Stats, target::Brief};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{ModelId, RepoId, TargetId, UserId},
    secret::{MASK, Place, Vault, VaultError},
};
use push_notify_review::ReviewSettings;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

/// What a repository is asked to report unless it says something else; the API contract's names.
pub const EVENTS: [&str; 3] = ["push", "merge_request", "tag_push"];

#[derive(Debug, Clone)]
pub struct Repo {
    pub id: RepoId,
    pub name: String,
    pub url: String,
    /// The provider plugin's id.
    pub kind: String,
    pub webhook_id: String,
    /// Sealed.
    pub webhook_secret: String,
    /// Sealed.
    pub access_token: Option<String>,
    /// The user who gave it, as far as that is known.
    pub access_token_by: Option<UserId>,
    pub settings: Stored,
    pub webhook_events: Vec<String>,
    pub model_id: Option<ModelId>,
    pub review: ReviewSettings,
    pub tell_repeats: bool,
    pub status: Status,
    pub owner: Option<Owner>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// An inactive repository's webhooks are acknowledged and ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Active,
    Inactive,
}

impl Status {
    pub const NAMES: [&'static str; 2] = ["active", "inactive"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }

    pub fn from_stored(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            _ => Self::Inactive,
        }
    }
}

/// A repository in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RepoEntry")]
pub struct Entry {
    pub id: RepoId,
    pub name: String,
    pub url: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub webhook_url: String,
    pub target_count: i64,
    pub status: Status,
    /// Null: the administrators.
    pub owner: Option<Owner>,
    pub created_at: String,
    pub updated_at: String,
}

/// The answer to `POST /repos`: the only one that shows the secret.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RepoCreated")]
pub struct Created {
    pub id: RepoId,
    pub name: String,
    pub webhook_url: String,
    pub webhook_secret: String,
    pub owner: Option<Owner>,
}

/// The answer to `POST /repos/{id}/targets`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RepoLinked")]
pub struct Linked {
    pub repo_id: RepoId,
    pub target_ids: Vec<TargetId>,
}

/// A repository by itself. No secret is in it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RepoDetail")]
pub struct Detail {
    id: RepoId,
    name: String,
    url: String,
    #[serde(rename = "type")]
    kind: String,
    access_token: Option<&'static str>,
    webhook_url: String,
    webhook_secret: &'static str,
    /// Those before it that still let deliveries in, the newest first.
    former_webhook_secrets: Vec<former::Entry>,
    webhook_events: Vec<String>,
    config: Map<String, Value>,
    model_id: Option<ModelId>,
    model_name: Option<String>,
    review: push_notify_review::InForce,
    /// Also runs of pipelines and alerts that change nothing are told.
    tell_repeats: bool,
    targets: Vec<Brief>,
    push_stats: Stats,
    storage: Room,
    status: Status,
    /// Null: the administrators.
    owner: Option<Owner>,
    created_at: String,
    updated_at: String,
}

/// How much room its deliveries and messages take up, in bytes. Beyond a bound deliveries are
/// refused.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RepoStorage")]
pub struct Room {
    pub stored_bytes: i64,
    /// Null: no bound.
    pub most_bytes: Option<i64>,
    /// Of all repositories of its owner. Null: it belongs to nobody but the administrators.
    pub owner_stored_bytes: Option<i64>,
    pub owner_most_bytes: Option<i64>,
    /// Deliveries that wait for their parser, and what they take up.
    pub parked_events: i64,
    pub parked_bytes: i64,
}

impl Repo {
    pub(super) fn open_webhook_secret(&self, vault: &Vault) -> Result<String, VaultError> {
        let place = Place {
            table: "repos",
            column: "webhook_secret",
            row: self.id.get(),
        };
        vault.open_text(place, &self.webhook_secret)
    }

    /// `model_name` is that of its model, unless that is deleted.
    pub fn detail(
        self,
        public_base: &str,
        model_name: Option<String>,
        former_webhook_secrets: Vec<former::Entry>,
        targets: Vec<Brief>,
        push_stats: Stats,
        storage: Room,
    ) -> Detail {
        Detail {
            webhook_url: webhook_url(public_base, &self.webhook_id),
            id: self.id,
            name: self.name,
            url: self.url,
            kind: self.kind,
            access_token: self.access_token.map(|_| MASK),
            webhook_secret: MASK,
            former_webhook_secrets,
            webhook_events: self.webhook_events,
            config: self.settings.masked(),
            tell_repeats: self.tell_repeats,
            review: self.review.in_force(self.model_id.is_some()),
            model_id: self.model_id,
            model_name,
            targets,
            push_stats,
            storage,
            status: self.status,
            owner: self.owner,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}

/// The address that the Git host is given.
pub(super) fn webhook_url(public_base: &str, webhook_id: &str) -> String {
    format!("{public_base}/webhook/{webhook_id}")
}
