//! What the bodies about teams say.

use super::Role;
use crate::http::extract::{Form, FromForm};
use push_notify_core::{i18n::Text, id::UserId};

const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 500;

/// The body of `POST /teams`.
pub struct NewTeam {
    pub(super) name: String,
    pub(super) description: Option<String>,
}

impl FromForm for NewTeam {
    const EXAMPLE: &'static str =
        r#"{"name": "payments", "description": "Who looks after payments"}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.required_line("name", LONGEST_NAME),
            description: form.optional_line("description", LONGEST_DESCRIPTION),
        }
    }
}

/// The body of `PUT /teams/{id}`. What it does not name stays.
pub struct ChangedTeam {
    pub(super) name: Option<String>,
    /// Given; null or empty removes it.
    pub(super) description: Option<Option<String>>,
}

impl FromForm for ChangedTeam {
    const EXAMPLE: &'static str = r#"{"name": "billing"}"#;

    fn read(form: &mut Form) -> Self {
        let name = form.line("name", LONGEST_NAME);
        let description = form.optional_line("description", LONGEST_DESCRIPTION);
        Self {
            name,
            description: form.has("description").then_some(description),
        }
    }
}

/// The body of `POST /teams/{id}/members`: one of `username` and `user_id`.
pub struct NewMember {
    pub(super) who: Who,
    pub(super) role: Role,
}

pub(super) enum Who {
    Name(String),
    Id(UserId),
}

impl FromForm for NewMember {
    const EXAMPLE: &'static str = r#"{"username": "lisi", "role": "member"}"#;

    fn read(form: &mut Form) -> Self {
        let (name, id) = (form.line("username", 100), form.id("user_id"));
        let role = form.choice("role", &Role::NAMES);
        let who = match (name, id) {
            (Some(name), None) => Who::Name(name),
            (None, Some(id)) => Who::Id(id),
            (name, _) => {
                let problem = match name {
                    Some(_) => Text::new("不能与user_id同时使用", "cannot be given with user_id"),
                    None => Text::new(
                        "不能为空，除非指定了user_id",
                        "must not be empty unless there is a user_id",
                    ),
                };
                form.refuse("username", &problem);
                Who::Id(UserId::default())
            }
        };
        Self {
            who,
            role: role.map_or(Role::Member, Role::from_stored),
        }
    }
}

/// The body of `PUT /teams/{id}/members/{user_id}`.
pub struct NewRole(pub(super) Role);

impl FromForm for NewRole {
    const EXAMPLE: &'static str = r#"{"role": "manager"}"#;

    fn read(form: &mut Form) -> Self {
        form.require("role");
        let role = form.choice("role", &Role::NAMES);
        Self(role.map_or(Role::Member, Role::from_stored))
    }
}
