use super::locked;
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Body, Id, IdPair},
    },
    log::operation::AuditEntry,
    team::{
        Role,
        form::{NewMember, NewRole, Who},
        store,
        types::Member,
    },
    user::{self, Status},
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{TeamId, UserId},
};
use sqlx::AnyConnection;

/// Of one team.
const MOST: usize = 1000;

/// `POST /teams/{id}/members`. The answers of all three have the members as they are then.
pub async fn add(
    State(app): State<App>,
    caller: CurrentUser,
    Id(id): Id<TeamId>,
    body: Body<NewMember>,
) -> Answer<Listed<Member>> {
    let NewMember { who, role } = body.checked()?;
    let (field, found) = match &who {
        Who::Name(name) => {
            let account = user::store::find_account(app.db.read(), name).await?;
            ("username", account.map(|account| account.user))
        }
        Who::Id(user_id) => ("user_id", user::store::find(app.db.read(), *user_id).await?),
    };
    let found = found.filter(|user| user.status != Status::Pending);
    let found = found.ok_or_else(|| {
        ApiError::invalid_field(
            field,
            &Text::new("不是已有用户", "is no user that there is"),
        )
    })?;
    let mut transaction = app.db.begin().await?;
    let team = locked(&app, &mut transaction, id).await?;
    if store::members(&mut transaction, id).await?.len() >= MOST {
        return Err(ApiError::conflict(Text::made(
            format!("每个团队最多{MOST}个成员"),
            format!("A team has at most {MOST} members"),
        )));
    }
    let now = app.clock.now_us();
    if !store::join(&mut transaction, id, found.id, role, now).await? {
        return Err(ApiError::conflict(Text::new(
            "该用户已是团队成员",
            "This user is a member already",
        )));
    }
    let detail = format!("{} as {}", found.username, role.name());
    let audit = AuditEntry::new("team.join", id, &team.name).with(&detail);
    caller.record(&app, &mut transaction, audit).await?;
    let members = store::members(&mut transaction, id).await?;
    transaction.commit().await?;
    Reply::say(Text::new("成员已添加", "Added"), Listed::whole(members))
}

/// `PUT /teams/{id}/members/{user_id}`
pub async fn change(
    State(app): State<App>,
    caller: CurrentUser,
    IdPair(id, user_id): IdPair<TeamId, UserId>,
    body: Body<NewRole>,
) -> Answer<Listed<Member>> {
    let NewRole(role) = body.checked()?;
    let mut transaction = app.db.begin().await?;
    let team = locked(&app, &mut transaction, id).await?;
    let member = member(&mut transaction, id, user_id, role == Role::Manager).await?;
    store::set_role(&mut transaction, id, user_id, role).await?;
    let detail = format!("{} as {}", member, role.name());
    let audit = AuditEntry::new("team.role", id, &team.name).with(&detail);
    caller.record(&app, &mut transaction, audit).await?;
    let members = store::members(&mut transaction, id).await?;
    transaction.commit().await?;
    Reply::say(Text::new("角色已更改", "Changed"), Listed::whole(members))
}

/// `DELETE /teams/{id}/members/{user_id}`: managers remove anybody, everybody themselves.
pub async fn remove(
    State(app): State<App>,
    caller: CurrentUser,
    IdPair(id, user_id): IdPair<TeamId, UserId>,
) -> Answer<Listed<Member>> {
    let mut transaction = app.db.begin().await?;
    let team = locked(&app, &mut transaction, id).await?;
    let member = member(&mut transaction, id, user_id, false).await?;
    store::leave(&mut transaction, id, user_id).await?;
    let audit = AuditEntry::new("team.leave", id, &team.name).with(&member);
    caller.record(&app, &mut transaction, audit).await?;
    let members = store::members(&mut transaction, id).await?;
    transaction.commit().await?;
    Reply::say(Text::new("成员已移除", "Removed"), Listed::whole(members))
}

/// The name of a member. Fails when nobody would be left who manages the team.
async fn member(
    connection: &mut AnyConnection,
    id: TeamId,
    user_id: UserId,
    stays_manager: bool,
) -> Result<String, ApiError> {
    let members = store::members(connection, id).await?;
    let others = members
        .iter()
        .any(|member| member.user_id != user_id && member.role == Role::Manager);
    let found = members
        .into_iter()
        .find(|member| member.user_id == user_id)
        .ok_or_else(ApiError::not_found)?;
    if found.role == Role::Manager && !others && !stays_manager {
        return Err(ApiError::conflict(Text::new(
            "团队至少需要一个管理者：请先将其他成员设为管理者，或删除团队",
            "A team needs a manager: make another member one first, or delete the team",
        )));
    }
    Ok(found.username)
}
