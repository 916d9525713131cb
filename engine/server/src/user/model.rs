use crate::clock::{Micros, rfc3339};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: i64,
    pub username: String,
    pub email: String,
    pub role: Role,
    pub status: Status,
    pub last_login_at: Option<Micros>,
    pub created_at: Micros,
}

/// `Admin` may do everything; `User` reads everything but users, logs and secrets, and manages repositories, targets and
/// templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Admin,
    User,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "UserStatus")]
pub enum Status {
    Active,
    Locked,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
        }
    }

    /// What is stored; anything unknown has the fewest rights.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "admin" => Self::Admin,
            _ => Self::User,
        }
    }
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
        }
    }

    /// What is stored; anything unknown is locked.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            _ => Self::Locked,
        }
    }
}

/// As `GET /auth/me` shows it.
#[derive(Serialize, JsonSchema)]
pub struct Profile {
    id: i64,
    username: String,
    email: String,
    role: Role,
    status: Status,
    last_login_at: Option<String>,
    created_at: String,
}

/// As the answer to a login shows it.
#[derive(Serialize, JsonSchema)]
pub struct Badge {
    id: i64,
    username: String,
    email: String,
    role: Role,
}

impl User {
    pub fn profile(&self) -> Profile {
        Profile {
            id: self.id,
            username: self.username.clone(),
            email: self.email.clone(),
            role: self.role,
            status: self.status,
            last_login_at: self.last_login_at.map(rfc3339),
            created_at: rfc3339(self.created_at),
        }
    }

    pub fn badge(&self) -> Badge {
        Badge {
            id: self.id,
            username: self.username.clone(),
            email: self.email.clone(),
            role: self.role,
        }
    }
}
