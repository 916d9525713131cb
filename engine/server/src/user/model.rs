use crate::clock::{Micros, rfc3339};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Admin,
    User,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
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
#[derive(Serialize)]
pub struct Profile<'a> {
    id: i64,
    username: &'a str,
    email: &'a str,
    role: Role,
    status: Status,
    last_login_at: Option<String>,
    created_at: String,
}

/// As the answer to a login shows it.
#[derive(Serialize)]
pub struct Badge<'a> {
    id: i64,
    username: &'a str,
    email: &'a str,
    role: Role,
}

impl User {
    pub fn profile(&self) -> Profile<'_> {
        Profile {
            id: self.id,
            username: &self.username,
            email: &self.email,
            role: self.role,
            status: self.status,
            last_login_at: self.last_login_at.map(rfc3339),
            created_at: rfc3339(self.created_at),
        }
    }

    pub fn badge(&self) -> Badge<'_> {
        Badge {
            id: self.id,
            username: &self.username,
            email: &self.email,
            role: self.role,
        }
    }
}
