use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{TeamId, UserId},
};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    pub description: Option<String>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

/// What somebody is in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "TeamRole")]
pub enum Role {
    /// Changes the team, its members, and what it owns.
    Manager,
    /// Changes what the team owns.
    Member,
}

impl Role {
    pub const NAMES: [&'static str; 2] = ["manager", "member"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Member => "member",
        }
    }

    /// What is stored; anything unknown has the fewest rights.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "manager" => Self::Manager,
            _ => Self::Member,
        }
    }
}

/// A team in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TeamEntry")]
pub struct Entry {
    pub id: TeamId,
    pub name: String,
    pub description: Option<String>,
    pub member_count: i64,
    /// What the caller is in it; null: nothing.
    pub your_role: Option<Role>,
    pub created_at: String,
    pub updated_at: String,
}

/// A team by itself.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TeamDetail")]
pub struct Detail {
    id: TeamId,
    name: String,
    description: Option<String>,
    members: Vec<Member>,
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TeamMember")]
pub struct Member {
    pub user_id: UserId,
    pub username: String,
    pub role: Role,
}

impl Team {
    pub(super) fn detail(self, members: Vec<Member>) -> Detail {
        Detail {
            id: self.id,
            name: self.name,
            description: self.description,
            members,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
        }
    }
}
