use crate::{owner::Owner, repo::Status, target::Conversation};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{EventId, RuleId, TargetId, TemplateId},
};
use push_notify_rules::{Matchers, Mode, Once, Who};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a rule asks, and what it does with the events that meet it: the column `definition`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    pub mode: Mode,
    #[serde(default)]
    pub matchers: Matchers,
    #[serde(default)]
    pub when: Option<String>,
    #[serde(default)]
    pub once: Once,
    #[serde(default)]
    pub again_after_minutes: Option<i64>,
    #[serde(default)]
    pub target_ids: Vec<TargetId>,
    #[serde(default)]
    pub tell: Vec<Who>,
    #[serde(default)]
    pub mentions: Vec<Who>,
    #[serde(default)]
    pub except_actor: bool,
    #[serde(default)]
    pub template_id: Option<TemplateId>,
    #[serde(default)]
    pub conversation: Option<Conversation>,
    #[serde(default)]
    pub urgent: bool,
    #[serde(default)]
    pub instead: bool,
    #[serde(default)]
    pub starts_at: Option<Micros>,
    #[serde(default)]
    pub ends_at: Option<Micros>,
}

#[derive(Debug, Clone)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub position: i64,
    pub status: Status,
    pub owner: Option<Owner>,
    pub definition: Definition,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// A rule as the API shows it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rule")]
pub struct Shown {
    id: RuleId,
    name: String,
    /// Rules are asked in the order of their positions.
    position: i64,
    status: Status,
    /// Null: the administrators.
    owner: Option<Owner>,
    /// `route`, `mute` or `otherwise`.
    mode: &'static str,
    /// What an event must be, each part that is given.
    #[serde(rename = "match")]
    #[schemars(with = "serde_json::Map<String, Value>")]
    matchers: Value,
    /// And what must be true of it: an expression.
    when: Option<String>,
    /// `event`, `head` or `subject`.
    once: &'static str,
    again_after_minutes: Option<i64>,
    target_ids: Vec<TargetId>,
    /// Who hears by targets of their own: `author`, `actor`, `committers`, `reviewers`,
    /// `assignees`, or ids of people.
    #[schemars(with = "Vec<Value>")]
    tell: Vec<Who>,
    /// Whom its messages call by name; the same. Who wants to hear directly does.
    #[schemars(with = "Vec<Value>")]
    mentions: Vec<Who>,
    /// Who did what it tells of is neither told nor called.
    except_actor: bool,
    template_id: Option<TemplateId>,
    conversation: Option<Conversation>,
    urgent: bool,
    instead: bool,
    starts_at: Option<String>,
    ends_at: Option<String>,
    created_at: String,
    updated_at: String,
}

impl Rule {
    pub fn shown(self) -> Shown {
        let definition = self.definition;
        Shown {
            id: self.id,
            name: self.name,
            position: self.position,
            status: self.status,
            owner: self.owner,
            mode: definition.mode.name(),
            matchers: serde_json::to_value(&definition.matchers).unwrap_or_default(),
            when: definition.when,
            once: definition.once.name(),
            again_after_minutes: definition.again_after_minutes,
            target_ids: definition.target_ids,
            tell: definition.tell,
            mentions: definition.mentions,
            except_actor: definition.except_actor,
            template_id: definition.template_id,
            conversation: definition.conversation,
            urgent: definition.urgent,
            instead: definition.instead,
            starts_at: definition.starts_at.map(rfc3339),
            ends_at: definition.ends_at.map(rfc3339),
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}

/// What one event comes to by the rules of now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Routes {
    /// Of a stored event; null: it was made up.
    pub event_id: Option<EventId>,
    /// The targets that hear, each once.
    pub targets: Vec<Heard>,
    /// The mute that held it back.
    pub muted_by: Option<RuleId>,
    /// Nobody hears, and no mute is why.
    pub unrouted: bool,
    /// A rule can tell only when the review is there.
    pub awaits_review: bool,
    /// Such events change nothing that people wait for: targets that are only linked do not hear.
    pub bookkeeping: bool,
    /// All rules in their order.
    pub rules: Vec<Judged>,
}

/// A target that hears of an event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Heard {
    pub target_id: TargetId,
    /// It is linked to the repository, or global.
    pub linked: bool,
    /// In their order. The first one's template and conversation hold.
    pub rules: Vec<RuleId>,
    pub template_id: Option<TemplateId>,
    pub conversation: Option<Conversation>,
    pub urgent: bool,
    /// The names of those whom the message calls, as far as the channel can.
    pub mentions: Vec<String>,
}

/// What a rule made of an event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Judged {
    pub id: RuleId,
    pub name: String,
    /// `routes`, `mutes`, `not_met`, `cannot_tell` (the event does not say what is asked),
    /// `awaits_review`, `not_needed` (of an `otherwise`), `muted`, `not_in_force`, `other_owner` or
    /// `other_event`.
    pub outcome: &'static str,
    /// The targets that it names and an earlier rule has given another template or conversation.
    pub overruled: Vec<TargetId>,
    /// What it asks, each with what the event says of it.
    pub clauses: Vec<ClauseJudged>,
    /// It was changed after the event came: then it may have been another.
    pub changed_since: bool,
}

/// One clause of a rule at an event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClauseJudged {
    pub clause: &'static str,
    /// `yes`, `no` or `unknown`.
    pub met: &'static str,
    pub found: Option<String>,
}
