//! Whom things are given to, and by whom.

use super::{Owner, store};
use crate::{
    app::App,
    http::{
        ApiError,
        extract::{Form, Query},
    },
    target::no_such,
    team,
    user::{self, Status, User},
};
use push_notify_core::{
    i18n::Text,
    id::{RowId, TeamId, UserId},
};
use sqlx::AnyConnection;

const BOTH: Text = Text::new(
    "不能与owner_id同时使用",
    "cannot be given with owner_id: a thing belongs to a user or to a team",
);

/// What a body says of whom a thing is to belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing: as it is, or whoever makes it.
    Silent,
    Administrators,
    User(UserId),
    Team(TeamId),
}

impl Wish {
    /// Reads `owner_id` and `team_id`. Null, where it is all that is said, means the
    /// administrators.
    pub fn read(form: &mut Form) -> Self {
        let (owner_id, team_id) = (form.id("owner_id"), form.id("team_id"));
        let is_null = |name: &str| form.has(name) && !form.is_given(name);
        let is_cleared = is_null("owner_id") || is_null("team_id");
        match (owner_id, team_id) {
            (Some(_), Some(_)) => {
                form.refuse("team_id", &BOTH);
                Self::Silent
            }
            (Some(id), None) => Self::User(id),
            (None, Some(id)) => Self::Team(id),
            (None, None) if is_cleared => Self::Administrators,
            (None, None) => Self::Silent,
        }
    }

    fn is(self, owner: Option<&Owner>) -> bool {
        match (self, owner) {
            (Self::Silent, _) | (Self::Administrators, None) => true,
            (Self::User(id), Some(owner)) => Owner::user_id(Some(owner)) == Some(id),
            (Self::Team(id), Some(owner)) => Owner::team_id(Some(owner)) == Some(id),
            _ => false,
        }
    }

    /// The owner of a thing that the user makes.
    pub async fn of_new(self, app: &App, user: &User) -> Result<Option<Owner>, ApiError> {
        match self {
            Self::Silent => Ok(Some(Owner::user(user.id, &user.username))),
            wish => wish.receiver(app, user).await,
        }
    }

    /// The owner of a thing that the user may change, from now on. What belongs to a team its
    /// managers give away.
    pub async fn of_old(
        self,
        app: &App,
        user: &User,
        old: Option<Owner>,
    ) -> Result<Option<Owner>, ApiError> {
        if self.is(old.as_ref()) {
            return Ok(old);
        }
        if let Some(id) = Owner::team_id(old.as_ref())
            && !user.is_admin()
            && team::store::role(app.db.read(), id, user.id).await? != Some(team::Role::Manager)
        {
            return Err(ApiError::forbidden().saying(Text::new(
                "只有团队的管理者和系统管理员可以转移属于团队的内容",
                "Only a team's managers and administrators may give away what belongs to it",
            )));
        }
        self.receiver(app, user).await
    }

    /// Who gets what belonged to somebody who is deleted.
    pub async fn of_inheritance(self, app: &App, user: &User) -> Result<Option<Owner>, ApiError> {
        match self {
            Self::Silent | Self::Administrators => Ok(None),
            wish => wish.receiver(app, user).await,
        }
    }

    /// Everybody gives to themselves and to teams that they are in, and only administrators to
    /// others: nobody is to be made to answer for what they never wanted.
    async fn receiver(self, app: &App, user: &User) -> Result<Option<Owner>, ApiError> {
        match self {
            Self::User(id) if id == user.id => Ok(Some(Owner::user(id, &user.username))),
            Self::User(id) if user.is_admin() => {
                let found = user::store::find(app.db.read(), id).await?;
                let found = found.filter(|user| user.status != Status::Pending);
                let found = found.ok_or_else(|| unknown("owner_id", id))?;
                Ok(Some(Owner::user(id, &found.username)))
            }
            Self::Team(id) => {
                let role = team::store::role(app.db.read(), id, user.id).await?;
                if role.is_none() && !user.is_admin() {
                    return Err(not_to_others());
                }
                let found = team::store::find(app.db.read(), id).await?;
                let found = found.ok_or_else(|| unknown("team_id", id))?;
                Ok(Some(Owner::team(id, &found.name)))
            }
            Self::Administrators | Self::Silent if user.is_admin() => Ok(None),
            Self::User(_) | Self::Administrators | Self::Silent => Err(not_to_others()),
        }
    }
}

/// What the query of a deletion says of who gets what the deleted one owns.
pub fn heir(query: &mut Query) -> Wish {
    match (query.id("owner_id"), query.id("team_id")) {
        (Some(_), Some(_)) => {
            query.refuse("team_id", BOTH);
            Wish::Silent
        }
        (Some(id), None) => Wish::User(id),
        (None, Some(id)) => Wish::Team(id),
        (None, None) => Wish::Silent,
    }
}

/// What belongs to the owner, in words. None: nothing.
pub async fn remaining(
    connection: &mut AnyConnection,
    owner: &Owner,
) -> Result<Option<Text>, sqlx::Error> {
    let counts = store::count(connection, owner).await?;
    let nouns = [
        ("个仓库", "repositories"),
        ("个推送目标", "targets"),
        ("个模板", "templates"),
        ("个提示词", "prompts"),
        ("条规则", "rules"),
    ];
    let some = || counts.iter().zip(nouns).filter(|(count, _)| **count > 0);
    let zh: Vec<String> = some()
        .map(|(count, (zh, _))| format!("{count}{zh}"))
        .collect();
    let en: Vec<String> = some()
        .map(|(count, (_, en))| format!("{count} {en}"))
        .collect();
    Ok((!en.is_empty()).then(|| Text::made(zh.join("、"), en.join(", "))))
}

/// For the log of operations: `user lisi -> team payments`. Empty when it is as before.
pub fn given(before: Option<&Owner>, after: Option<&Owner>) -> String {
    if before == after {
        return String::new();
    }
    let called = |owner: Option<&Owner>| match owner {
        Some(owner) => format!("{} {}", owner.kind.name(), owner.name),
        None => "administrators".to_owned(),
    };
    format!("{} -> {}", called(before), called(after))
}

fn unknown(field: &str, id: impl RowId) -> ApiError {
    ApiError::invalid(vec![no_such(field, &[id])])
}

fn not_to_others() -> ApiError {
    ApiError::forbidden().saying(Text::new(
        "只能转移给自己或自己所在的团队；转移给其他人请联系管理员，或先转移给双方共同的团队，再由对方接收",
        "You can give this to yourself or to a team that you are in: ask an administrator to give it to others, or give it to a \
         team that you share, of which they take it",
    ))
}
