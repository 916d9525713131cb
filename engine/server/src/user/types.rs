use push_notify_core::{
    clock::{Micros, rfc3339},
    id::UserId,
};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub email: String,
    pub role: Role,
    pub status: Status,
    /// The password is a temporary one: nothing else is allowed until there is another.
    pub must_change_password: bool,
    /// False: they registered, and no administrator has confirmed them yet. They change nothing.
    pub confirmed: bool,
    pub last_login_at: Option<Micros>,
    pub created_at: Micros,
}

/// `Admin` may do everything; what `User` may do is in the route table (`http/router.rs`).
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
    /// By an administrator, until one unlocks it.
    Locked,
    /// Until the link in the activation mail is opened.
    Pending,
}

impl Role {
    pub const NAMES: [&str; 2] = ["admin", "user"];

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
    pub const NAMES: [&str; 3] = ["active", "locked", "pending"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Pending => "pending",
        }
    }

    /// What is stored; anything unknown is locked.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "pending" => Self::Pending,
            _ => Self::Locked,
        }
    }
}

/// As `GET /auth/me` and `GET /users/{id}` show it.
#[derive(Serialize, JsonSchema)]
pub struct Profile {
    id: UserId,
    username: String,
    email: String,
    role: Role,
    status: Status,
    must_change_password: bool,
    /// False: they registered, and change nothing until an administrator confirms them.
    confirmed: bool,
    last_login_at: Option<String>,
    created_at: String,
}

/// As the answer to a login shows it.
#[derive(Serialize, JsonSchema)]
pub struct Badge {
    id: UserId,
    username: String,
    email: String,
    role: Role,
    must_change_password: bool,
}

impl User {
    pub fn profile(&self) -> Profile {
        Profile {
            id: self.id,
            username: self.username.clone(),
            email: self.email.clone(),
            role: self.role,
            status: self.status,
            must_change_password: self.must_change_password,
            confirmed: self.confirmed,
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
            must_change_password: self.must_change_password,
        }
    }
}
