//! `/api/v1/users`: for administrators.

use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        envelope::{CREATED, DELETED, UPDATED},
        extract::{Asked, Body, FromQuery, Id, Query},
    },
    owner::{self, Wish},
    user::{
        Profile, Role, Status, User,
        account::{self, Maker},
        form::{Change, Lock, NewUser},
        store,
    },
};
use axum::extract::State;
use push_notify_core::{i18n::Text, id::UserId};
use push_notify_db::{list::Filter, page::Page};
use schemars::JsonSchema;
use serde::Serialize;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[
                ("created_at", "created_at"),
                ("last_login_at", "COALESCE(last_login_at, 0)"),
                ("username", "LOWER(username)"),
                ("email", "email"),
                ("id", "id"),
            ]),
            filter: Filter::default()
                .containing(
                    "(LOWER(username) LIKE LOWER(?) ESCAPE '\\' OR LOWER(email) LIKE LOWER(?) ESCAPE '\\')",
                    query.text("keyword"),
                )
                .and("role = ?", query.choice("role", &Role::NAMES))
                .and("status = ?", query.choice("status", &Status::NAMES))
                .and(
                    "confirmed = ?",
                    query
                        .choice("confirmed", &["true", "false"])
                        .map(|confirmed| i64::from(confirmed == "true")),
                ),
        }
    }
}

/// The query of `DELETE /users/{id}`.
pub struct Deletion(Wish);

impl FromQuery for Deletion {
    fn read(query: &mut Query) -> Self {
        Self(owner::heir(query))
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Reset {
    /// Must be changed at the next login.
    new_password: String,
}

/// `GET /users`
pub async fn list(
    State(app): State<App>,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Profile>> {
    let (users, total) = store::list(app.db.read(), filter, &page).await?;
    Reply::page(users.iter().map(User::profile).collect(), &page, total)
}

/// `GET /users/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<UserId>) -> Answer<Profile> {
    let user = store::find(app.db.read(), id).await?;
    Reply::data(user.ok_or_else(ApiError::not_found)?.profile())
}

/// `POST /users`
pub async fn create(
    State(app): State<App>,
    caller: CurrentUser,
    body: Body<NewUser>,
) -> Answer<Profile> {
    let new = body.checked()?;
    let user = account::create(&app, Maker::Admin(&caller), new, Status::Active).await?;
    Reply::say(CREATED, user.profile())
}

/// `PUT /users/{id}`
pub async fn update(
    State(app): State<App>,
    caller: CurrentUser,
    Id(id): Id<UserId>,
    body: Body<Change>,
) -> Answer<Profile> {
    let change = body.checked()?;
    let user = account::change(&app, &caller, id, change, "user.update").await?;
    Reply::say(UPDATED, user.profile())
}

/// `DELETE /users/{id}`. The query may name who gets what belongs to the user.
pub async fn delete(
    State(app): State<App>,
    caller: CurrentUser,
    Id(id): Id<UserId>,
    Asked(Deletion(heir)): Asked<Deletion>,
) -> Answer<()> {
    account::delete(&app, &caller, id, heir).await?;
    Reply::say(DELETED, ())
}

/// `PUT /users/{id}/lock`
pub async fn lock(
    State(app): State<App>,
    caller: CurrentUser,
    Id(id): Id<UserId>,
    body: Body<Lock>,
) -> Answer<Profile> {
    let (status, action, message) = match body.checked()? {
        Lock(true) => (
            Status::Locked,
            "user.lock",
            Text::new("用户已锁定", "The user is locked"),
        ),
        Lock(false) => (
            Status::Active,
            "user.unlock",
            Text::new("用户已解锁", "The user is unlocked"),
        ),
    };
    let change = Change {
        status: Some(status),
        ..Change::default()
    };
    let user = account::change(&app, &caller, id, change, action).await?;
    Reply::say(message, user.profile())
}

/// `POST /users/{id}/reset-password`. The temporary password is shown this once.
pub async fn reset_password(
    State(app): State<App>,
    caller: CurrentUser,
    Id(id): Id<UserId>,
) -> Answer<Reset> {
    let new_password = account::reset_password(&app, &caller, id).await?;
    Reply::say(
        Text::new("密码已重置", "The password was reset"),
        Reset { new_password },
    )
}
