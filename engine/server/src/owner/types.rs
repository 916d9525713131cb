use crate::{
    auth::access::Noun,
    http::{ApiError, code},
};
use push_notify_core::{
    i18n::Text,
    id::{TeamId, UserId},
};
use schemars::JsonSchema;
use serde::Serialize;

/// Whom a thing belongs to, as the API shows it. Null where it shows none: the administrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Owner {
    #[serde(rename = "type")]
    pub kind: Kind,
    // A plain number, as it is that of a user or of a team: `kind` says which.
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "OwnerType")]
pub enum Kind {
    User,
    Team,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Team => "team",
        }
    }
}

impl Owner {
    pub fn user(id: UserId, name: &str) -> Self {
        Self {
            kind: Kind::User,
            id: id.get(),
            name: name.to_owned(),
        }
    }

    pub fn team(id: TeamId, name: &str) -> Self {
        Self {
            kind: Kind::Team,
            id: id.get(),
            name: name.to_owned(),
        }
    }

    /// For the column `owner_id`.
    pub fn user_id(owner: Option<&Self>) -> Option<UserId> {
        owner
            .filter(|owner| owner.kind == Kind::User)
            .map(|owner| UserId::new(owner.id))
    }

    /// For the column `team_id`.
    pub fn team_id(owner: Option<&Self>) -> Option<TeamId> {
        owner
            .filter(|owner| owner.kind == Kind::Team)
            .map(|owner| TeamId::new(owner.id))
    }
}

/// Whose things somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    All,
    /// Those of this user and of their teams.
    Own(UserId),
}

impl Sight {
    /// Whose alone are to be shown: the value of the conditions in `store`. None: everybody's.
    pub fn only(self) -> Option<UserId> {
        match self {
            Self::All => None,
            Self::Own(user_id) => Some(user_id),
        }
    }
}

/// What an id in a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Repo,
    Target,
    /// A target and a repository that is linked to it: who may change either may part them.
    Link,
    Rule,
    Template,
    Prompt,
    /// Of a repository.
    Event,
    /// What events of a repository are about.
    Subject,
    /// Of a repository, for a target.
    Push,
    /// Of a repository.
    Review,
    /// Of an event. Those of dead letters are administrators'.
    Replay,
    /// Its members see it, its managers change it.
    Team,
    /// Of a user in a team: they may leave.
    Membership,
}

impl Thing {
    pub const ALL: [Self; 13] = [
        Self::Repo,
        Self::Target,
        Self::Link,
        Self::Rule,
        Self::Template,
        Self::Prompt,
        Self::Event,
        Self::Subject,
        Self::Push,
        Self::Review,
        Self::Replay,
        Self::Team,
        Self::Membership,
    ];

    /// Whose scopes API keys need.
    pub fn noun(self) -> Noun {
        match self {
            Self::Repo => Noun::Repos,
            Self::Target | Self::Link => Noun::Targets,
            Self::Rule => Noun::Rules,
            Self::Template => Noun::Templates,
            Self::Prompt => Noun::Prompts,
            Self::Event | Self::Subject => Noun::Events,
            Self::Push | Self::Replay => Noun::Pushes,
            Self::Review => Noun::Reviews,
            Self::Team | Self::Membership => Noun::Teams,
        }
    }

    /// Who may change it besides administrators, for the documentation.
    pub fn changed_by(self) -> &'static str {
        match self {
            Self::Repo | Self::Rule | Self::Prompt => "its owner",
            Self::Target => "its owner, unless its scope is `global`",
            Self::Link => "the owner of the target or of the repository",
            Self::Template => "its owner, unless it is a default",
            Self::Event | Self::Subject | Self::Review => "the owner of its repository",
            Self::Push => "the owner of its repository or target",
            Self::Replay => "nobody else",
            Self::Team => "its managers",
            Self::Membership => "the team's managers, and the member themselves",
        }
    }

    /// As if there were none.
    pub fn not_found(self) -> ApiError {
        match self {
            Self::Repo => (&code::REPO_NOT_FOUND).into(),
            Self::Target | Self::Link => (&code::TARGET_NOT_FOUND).into(),
            Self::Push => (&code::PUSH_NOT_FOUND).into(),
            Self::Rule
            | Self::Template
            | Self::Prompt
            | Self::Event
            | Self::Subject
            | Self::Review
            | Self::Replay
            | Self::Team
            | Self::Membership => ApiError::not_found(),
        }
    }

    /// To whoever may see it.
    pub fn not_yours(self) -> ApiError {
        ApiError::forbidden().saying(match self {
            Self::Target => Text::new(
                "只有其所有者和管理员可以更改；全局推送目标只有管理员可以更改",
                "Only its owner and administrators may change this; global targets are administrators'",
            ),
            Self::Template => Text::new(
                "只有其所有者和管理员可以更改；默认模板只有管理员可以更改",
                "Only its owner and administrators may change this; default templates are administrators'",
            ),
            Self::Team | Self::Membership => Text::new(
                "只有团队的管理者和系统管理员可以更改团队",
                "Only a team's managers and administrators may change it",
            ),
            Self::Link
            | Self::Event
            | Self::Subject
            | Self::Push
            | Self::Review
            | Self::Replay => Text::new(
                "只有相关仓库或推送目标的所有者和管理员可以进行此操作",
                "Only the owner of the repository or target and administrators may do this",
            ),
            Self::Prompt => Text::new(
                "只有其所有者和管理员可以更改；内置提示词请复制后修改副本",
                "Only its owner and administrators may change this; of a built-in one, duplicate it and change the copy",
            ),
            Self::Repo | Self::Rule => Text::new(
                "只有其所有者和管理员可以更改",
                "Only its owner and administrators may change this",
            ),
        })
    }
}

/// What somebody who is no administrator may do with a thing that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Also where everybody sees their own things only.
    pub sees: bool,
    pub changes: bool,
}
