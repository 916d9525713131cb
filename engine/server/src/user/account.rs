//! Making accounts, and changing them so that somebody can always manage them.

use super::{
    Role, Status, User,
    form::{Change, NewUser},
    password, store,
};
use crate::{
    api_key,
    app::App,
    auth::{Credential, CurrentUser},
    http::{ApiError, code, error::or_taken},
    log::operation::{AuditEntry, Visitor},
    owner::{self, Owner, Wish},
    session::{self, lockout},
    team,
};
use push_notify_core::{
    i18n::{Locale, Text},
    id::UserId,
};
use sqlx::AnyConnection;

/// Who makes an account.
pub(super) enum Maker<'a> {
    Admin(&'a CurrentUser),
    /// Whose it will be.
    Visitor(&'a Visitor),
}

pub(super) async fn create(
    app: &App,
    maker: Maker<'_>,
    new: NewUser,
    status: Status,
) -> Result<User, ApiError> {
    let hash = app.hasher.hash(new.password).await?;
    let mut transaction = app.db.begin().await?;
    store::end_unconfirmed(&mut transaction, app.clock.now_us()).await?;
    let user = User {
        id: app.db.next_id(&mut transaction).await?,
        username: new.username,
        email: new.email,
        role: new.role,
        status,
        must_change_password: false,
        confirmed: matches!(maker, Maker::Admin(_)),
        last_login_at: None,
        created_at: app.clock.now_us(),
    };
    if !store::insert(&mut transaction, &user, &hash).await? {
        let name_taken = store::is_name_taken(&mut transaction, &user.username).await?;
        return Err(match name_taken {
            true => (&code::USERNAME_TAKEN).into(),
            false => (&code::EMAIL_TAKEN).into(),
        });
    }
    match maker {
        Maker::Admin(admin) => {
            let audit = AuditEntry::new("user.create", user.id, &user.username);
            admin.record(app, &mut transaction, audit).await?;
        }
        Maker::Visitor(visitor) => {
            visitor
                .did_as(app, &mut transaction, &user, "user.register")
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(user)
}

/// Sessions end when the role changes or the user may no longer log in.
pub(super) async fn change(
    app: &App,
    caller: &CurrentUser,
    id: UserId,
    change: Change,
    action: &'static str,
) -> Result<User, ApiError> {
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let admins = store::lock_active_admins(&mut transaction, app.db.dialect()).await?;
    let before = locked(app, &mut transaction, id).await?;
    let role = change.role.unwrap_or(before.role);
    let user = User {
        email: change.email.unwrap_or_else(|| before.email.clone()),
        role,
        status: change.status.unwrap_or(before.status),
        // An administrator has nobody to wait for.
        confirmed: role == Role::Admin || change.confirmed.unwrap_or(before.confirmed),
        ..before.clone()
    };
    if before.role == Role::Admin || user.role != before.role {
        not_by_key(caller)?;
    }
    let locks = change.status == Some(Status::Locked);
    if locks && id == caller.id {
        return Err(not_oneself("不能锁定自己", "You cannot lock yourself"));
    }
    if user.role != Role::Admin || user.status != Status::Active {
        keep_one(&admins, id)?;
    }
    let updated = store::update(&mut transaction, &user, now).await;
    updated.map_err(or_taken(&code::EMAIL_TAKEN))?;
    if user.role != before.role || locks {
        session::store::revoke_all(&mut transaction, id, None, now).await?;
    }
    if change.status == Some(Status::Active) {
        lockout::store::clear_all(&mut transaction, &lockout::key(&user.username)).await?;
    }
    let detail = differences(&before, &user);
    let audit = AuditEntry::new(action, id, &user.username).with(&detail);
    caller.record(app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Ok(user)
}

/// Sessions and keys end too. What belongs to the user is the administrators' from then on, unless
/// somebody else is named.
pub(super) async fn delete(
    app: &App,
    caller: &CurrentUser,
    id: UserId,
    heir: Wish,
) -> Result<User, ApiError> {
    let heir = match heir {
        Wish::User(heir) if heir == id => return Err(is_oneself()),
        wish => wish.of_inheritance(app, caller).await?,
    };
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let admins = store::lock_active_admins(&mut transaction, app.db.dialect()).await?;
    let user = locked(app, &mut transaction, id).await?;
    if id == caller.id {
        return Err(not_oneself("不能删除自己", "You cannot delete yourself"));
    }
    if user.role == Role::Admin {
        not_by_key(caller)?;
    }
    keep_one(&admins, id)?;
    let owned = Owner::user(id, &user.username);
    let detail = match owner::remaining(&mut transaction, &owned).await? {
        Some(owns) => {
            let owns = owns.as_str(Locale::English);
            format!("{owns}: {}", owner::given(Some(&owned), heir.as_ref()))
        }
        None => String::new(),
    };
    owner::store::give_all(&mut transaction, &owned, heir.as_ref(), now).await?;
    team::store::leave_all(&mut transaction, id).await?;
    store::delete(&mut transaction, id, now).await?;
    session::store::revoke_all(&mut transaction, id, None, now).await?;
    api_key::store::revoke_all(&mut transaction, id, now).await?;
    lockout::store::forget_networks(&mut transaction, id).await?;
    let audit = AuditEntry::new("user.delete", id, &user.username).with(&detail);
    caller.record(app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Ok(user)
}

/// Gives the user a password that must be changed at the next login. Sessions and keys end.
pub(super) async fn reset_password(
    app: &App,
    caller: &CurrentUser,
    id: UserId,
) -> Result<String, ApiError> {
    let password = password::make_up();
    let hash = app.hasher.hash(password.clone()).await?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let user = locked(app, &mut transaction, id).await?;
    store::reset_password(&mut transaction, id, &hash, now).await?;
    session::store::revoke_all(&mut transaction, id, None, now).await?;
    api_key::store::revoke_all(&mut transaction, id, now).await?;
    lockout::store::clear_all(&mut transaction, &lockout::key(&user.username)).await?;
    lockout::store::forget_networks(&mut transaction, id).await?;
    let audit = AuditEntry::new("user.reset", id, &user.username);
    caller.record(app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Ok(password)
}

async fn locked(app: &App, connection: &mut AnyConnection, id: UserId) -> Result<User, ApiError> {
    let user = store::lock(connection, app.db.dialect(), id).await?;
    user.ok_or_else(ApiError::not_found)
}

/// A key that manages users must not make an administrator, nor be rid of one.
fn not_by_key(caller: &CurrentUser) -> Result<(), ApiError> {
    match caller.credential {
        Credential::Session(_) => Ok(()),
        Credential::ApiKey { .. } => Err(ApiError::forbidden().saying(Text::new(
            "API密钥不能变更角色或管理员账号，请登录",
            "API keys cannot change roles or administrators: log in",
        ))),
    }
}

/// Refuses when this is the only administrator who can log in.
fn keep_one(admins: &[UserId], id: UserId) -> Result<(), ApiError> {
    if admins == [id] {
        return Err(ApiError::conflict(Text::new(
            "不能删除、锁定或降级最后一个管理员",
            "The last administrator cannot be deleted, locked or demoted",
        )));
    }
    Ok(())
}

fn is_oneself() -> ApiError {
    let problem = Text::new("必须是另一个用户", "must be another user");
    ApiError::invalid_field("owner_id", &problem)
}

fn not_oneself(zh: &'static str, en: &'static str) -> ApiError {
    ApiError::conflict(Text::new(zh, en))
}

/// `role user -> admin`
fn differences(before: &User, after: &User) -> String {
    let mut differences = Vec::new();
    if before.email != after.email {
        differences.push("email".to_owned());
    }
    for (name, before, after) in [
        ("role", before.role.name(), after.role.name()),
        ("status", before.status.name(), after.status.name()),
    ] {
        if before != after {
            differences.push(format!("{name} {before} -> {after}"));
        }
    }
    match (before.confirmed, after.confirmed) {
        (false, true) => differences.push("confirmed".to_owned()),
        (true, false) => differences.push("no longer confirmed".to_owned()),
        _ => {}
    }
    differences.join(", ")
}
