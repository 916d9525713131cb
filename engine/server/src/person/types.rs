use super::Identity;
use crate::target::QuietHours;
use push_notify_core::{
    clock::{Micros, rfc3339},
    i18n::Locale,
    id::{PersonId, TargetId, UserId},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "PersonKind")]
pub enum Kind {
    Person,
    /// Several who are called together, such as `@org/team` of a CODEOWNERS file.
    Team,
}

/// How somebody wants to hear of what concerns them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "PersonNotify")]
pub enum Notify {
    /// Called in messages to others.
    Mention,
    /// By targets of their own, and not called.
    Direct,
    /// Not at all.
    None,
}

macro_rules! named {
    ($type:ident: $default:ident, $($variant:ident $name:literal),+) => {
        impl $type {
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            pub fn of_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }

            pub fn from_stored(text: &str) -> Self {
                Self::of_name(text).unwrap_or(Self::$default)
            }
        }
    };
}

named!(Kind: Person, Person "person", Team "team");
// Who cannot be understood is left in peace.
named!(Notify: None, Mention "mention", Direct "direct", None "none");

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub kind: Kind,
    pub notify: Notify,
    pub quiet_hours: Option<QuietHours>,
    pub language: Option<Locale>,
    pub user_id: Option<UserId>,
    pub identities: Vec<Identity>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// A person as the API shows it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Person")]
pub struct Shown {
    id: PersonId,
    name: String,
    kind: Kind,
    notify: Notify,
    quiet_hours: Option<QuietHours>,
    /// zh-CN or en-US; null: the installation's.
    language: Option<&'static str>,
    /// Their account here, if they have one.
    user_id: Option<UserId>,
    identities: Vec<Identity>,
    /// Targets of their own that are switched on.
    target_ids: Vec<TargetId>,
    created_at: String,
    updated_at: String,
}

impl Person {
    pub(super) fn shown(self, target_ids: Vec<TargetId>) -> Shown {
        Shown {
            id: self.id,
            name: self.name,
            kind: self.kind,
            notify: self.notify,
            quiet_hours: self.quiet_hours,
            language: self.language.map(Locale::tag),
            user_id: self.user_id,
            identities: self.identities,
            target_ids,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}
