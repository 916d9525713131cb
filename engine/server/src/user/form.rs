//! What the bodies about accounts say.

use super::{Role, Status, password, rules};
use crate::http::extract::{Form, FromForm};
use push_notify_core::i18n::Text;

/// The body of `POST /users`: a user that is to be made.
pub struct NewUser {
    pub(super) username: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) role: Role,
}

impl NewUser {
    fn with_role(form: &mut Form, role: Role) -> Self {
        Self {
            username: rules::username(form),
            email: rules::required_email(form),
            password: rules::new_password(form, "password"),
            role,
        }
    }
}

impl FromForm for NewUser {
    const EXAMPLE: &'static str = r#"{
        "username": "zhangsan",
        "email": "zhangsan@example.com",
        "password": "Not-a-real-1",
        "role": "user"
    }"#;

    fn read(form: &mut Form) -> Self {
        form.require("role");
        let role = form.choice("role", &Role::NAMES);
        Self::with_role(form, role.map_or(Role::User, Role::from_stored))
    }
}

/// The body of `POST /auth/register`.
pub struct Registration(pub(super) NewUser);

impl FromForm for Registration {
    const EXAMPLE: &'static str = r#"{
        "username": "zhangsan",
        "email": "zhangsan@example.com",
        "password": "Not-a-real-1",
        "confirm_password": "Not-a-real-1"
    }"#;

    fn read(form: &mut Form) -> Self {
        let new = NewUser::with_role(form, Role::User);
        rules::confirmed(form, &new.password);
        Self(new)
    }
}

/// The body of `POST /auth/activation`.
pub struct Address(pub(super) String);

impl FromForm for Address {
    const EXAMPLE: &'static str = r#"{"email": "zhangsan@example.com"}"#;

    fn read(form: &mut Form) -> Self {
        Self(rules::required_email(form))
    }
}

/// The body of `PUT /auth/password`.
pub struct NewPassword {
    pub(super) old: String,
    pub(super) new: String,
}

impl FromForm for NewPassword {
    const EXAMPLE: &'static str = r#"{
        "old_password": "Not-a-real-1",
        "new_password": "Not-a-real-2",
        "confirm_password": "Not-a-real-2"
    }"#;

    fn read(form: &mut Form) -> Self {
        form.require("old_password");
        let old = form.secret("old_password", password::LONGEST);
        let new = rules::new_password(form, "new_password");
        rules::confirmed(form, &new);
        let old = old.unwrap_or_default();
        if !new.is_empty() && old == new {
            let problem = Text::new("不能与原密码相同", "must differ from the old one");
            form.refuse("new_password", &problem);
        }
        Self { old, new }
    }
}

/// The body of `PUT /users/{id}`: what is to be another.
#[derive(Default)]
pub struct Change {
    pub(super) email: Option<String>,
    pub(super) role: Option<Role>,
    pub(super) status: Option<Status>,
    pub(super) confirmed: Option<bool>,
}

impl FromForm for Change {
    const EXAMPLE: &'static str = r#"{"email": "zhangsan@example.com", "role": "admin"}"#;

    fn read(form: &mut Form) -> Self {
        let role = form.choice("role", &Role::NAMES);
        let status = form.choice("status", &["active", "locked"]);
        Self {
            email: rules::email(form),
            role: role.map(Role::from_stored),
            status: status.map(Status::from_stored),
            confirmed: form.boolean("confirmed"),
        }
    }
}

/// The body of `PUT /users/{id}/lock`: whether to lock.
pub struct Lock(pub(super) bool);

impl FromForm for Lock {
    const EXAMPLE: &'static str = r#"{"action": "lock"}"#;

    fn read(form: &mut Form) -> Self {
        form.require("action");
        Self(form.choice("action", &["lock", "unlock"]) == Some("lock"))
    }
}
